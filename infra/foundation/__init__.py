"""Where models are served: Azure platform, storage, workspace, metastore. Nothing here knows of a model."""
