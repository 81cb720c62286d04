"""The `model-ops` command line."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from model_ops.errors import ModelOpsError


@click.group()
@click.version_option(package_name="rollpin")
def main() -> None:
    """Do around a served model what people did by clicking."""


@main.command()
@click.option("--stack", required=True, help="The stack to prove: local, test, prod.")
@click.option(
    "--project", default=".", type=click.Path(path_type=Path, file_okay=False, exists=True), show_default=True
)
@click.option("--timeout", default=0.0, show_default=True, help="Seconds to wait for an update that goes on.")
def verify(stack: str, project: Path, timeout: float) -> None:
    """Prove that what the stack pins is what serves: exit 0 if so, 1 if not, with every reason."""
    from model_ops.proving.verify import verify_stack  # noqa: PLC0415 - `--help` does not pay for the SDK

    try:
        proofs = verify_stack(stack, project, timeout=timeout)
    except ModelOpsError as error:
        raise click.ClickException(str(error)) from None
    for proof in proofs:
        click.echo(str(proof))
    sys.exit(0 if all(proof.held for proof in proofs) else 1)


if __name__ == "__main__":
    main()
