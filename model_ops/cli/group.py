"""The edge of the command line: errors become one message and exit code 1; commands are imported when they are used."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from model_ops import disk, printable
from model_ops.commands import program
from model_ops.errors import ModelOpsError, first_line

TRACEBACK = "MODEL_OPS_TRACEBACK"


class Commands(click.Group):
    """A group whose commands may raise ModelOpsError; `modules` and `sentences` name those not imported yet."""

    def __init__(
        self, *, modules: Mapping[str, str] | None = None, sentences: Mapping[str, str] | None = None, **settings: Any
    ) -> None:
        super().__init__(**settings)
        self._modules, self._sentences = modules or {}, sentences or {}

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what goes wrong is shown without a traceback."""
        from model_ops.cli.output import refused
        from model_ops.cli.waiting import WAITING

        try:
            with WAITING.watch(f"{ctx.command_path} is at work"):
                return super().invoke(ctx)
        except click.ClickException as error:
            # click shows it itself, with what was typed in it
            error.message = printable.text(error.message)  # type: ignore[misc]  # it is only spelt otherwise
            raise
        except (click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except ModelOpsError as error:
            raise refused(error) from None
        except OSError as error:
            raise refused(disk.refusal(error)) from None
        except Exception as error:
            if os.environ.get(TRACEBACK):
                raise
            what = f"{type(error).__name__}: {first_line(error)}"
            raise refused(f"This is a mistake of the program, not yours: {what}\n{_report()}") from None

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click hands it over
        """Give the commands in the order of the work."""
        return [*self._modules, *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command's module, and give the command."""
        if cmd_name not in self._modules:
            return super().get_command(ctx, cmd_name)
        module = import_module(self._modules[cmd_name])
        return next(
            found for found in vars(module).values() if isinstance(found, click.Command) and found.name == cmd_name
        )

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their first sentences, without importing them."""
        if not self._modules:
            super().format_commands(ctx, formatter)
            return
        with formatter.section("Commands"):
            formatter.write_dl(list(self._sentences.items()))


def _report() -> str:
    return f"Please report it with what this shows: {TRACEBACK}=1 {program()} …"
