"""The stack that is rehearsed: the project's own may pin what this sandbox does not have."""

from pathlib import Path

STACK_FILE = Path(__file__).with_name("Pulumi.local.yaml")
