"""One model: its experiment, registered model and endpoint. What models share is in `foundation` and `catalog`."""
