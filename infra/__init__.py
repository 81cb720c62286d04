"""The Pulumi program: what each stack is made of. `program` composes it; each folder is one part."""

from infra.waiting_package import wait

wait("pulumi_databricks")
