"""The adapter to a Databricks workspace: all that model_ops asks of one, over databricks-sdk."""

from __future__ import annotations

from model_ops.workspace.client import Workspace

__all__ = ["Workspace"]
