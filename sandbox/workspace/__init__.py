"""The workspace's HTTP API, with MLflow's own server under the same origin."""
