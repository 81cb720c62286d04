"""Where models are served: Azure platform, network, storage, workspace, metastore. Nothing here knows of a model."""
