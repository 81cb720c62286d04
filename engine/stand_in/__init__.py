"""The Databricks provider for the local stack where the released plugin cannot be installed.

`python -m engine.stand_in` speaks Pulumi's resource provider protocol. It knows just the resource types that the local
stack uses, with the inputs of pulumi-databricks, and acts through databricks-sdk on a workspace on this machine alone.
A resource type is a table of facts (`attributes.Schema`) and four functions over the workspace's API; everything else
(check, diff, refresh, import) is derived from the facts.
"""
