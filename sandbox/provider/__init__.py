"""The Databricks provider for the local stack where the released plugin cannot be installed."""
