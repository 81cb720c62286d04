"""Serving endpoints as Databricks' API has them. What is deployed, and when it switches, is in `sandbox.serving`."""
