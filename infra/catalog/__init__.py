"""Unity Catalog: the catalogs and schemas that models are in. The models themselves are in `serving`."""
