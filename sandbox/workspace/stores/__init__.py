"""Where what the workspace holds is kept: documents in SQLite, MLflow's registry, the router. No rule is here."""
