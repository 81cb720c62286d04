"""MLflow's own server, behind a gate that holds it to a workspace's rules."""
