"""The Pulumi program: what each stack is made of. `program` composes it; each folder is one part."""

from infra import waiting_module, waiting_package

AZURE = (
    "authorization",
    "consumption",
    "databricks",
    "monitor",
    "network",
    "operationalinsights",
    "privatedns",
    "resources",
    "storage",
)
"""The parts of Azure's SDK that the program uses: each is a package with all that Azure has of its kind."""
PACKAGES = ("pulumi_databricks", "pulumi_azure_native", *(f"pulumi_azure_native.{each}" for each in AZURE))

for package in PACKAGES:
    waiting_package.wait(package)
    for types in ("_inputs", "outputs"):
        waiting_module.wait(package, types)
