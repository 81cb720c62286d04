"""A Databricks workspace on this machine, and what runs the local stack on it."""
