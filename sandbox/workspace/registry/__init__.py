"""Registered models and their versions: Unity Catalog's routes and MLflow's protocol, over MLflow's own registry."""
