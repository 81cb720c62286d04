"""The metastore, catalogs and schemas: what registered models are in."""
