"""Batch scoring: a file of rows in, the same rows with predictions out."""
