"""The `model-ops` command line: one module a group of commands, each a thin wrapper over the library.

A command's module is imported when the command is used: `--help` pays for little more than click, and no command for
another's imports.
"""

from __future__ import annotations

import click

from model_ops.cli.group import Commands

COMMANDS = {
    "init": ("founding", "Make this repository your own: its name, its stacks, who owns them."),
    "bootstrap": (
        "bootstrapping",
        "Make what comes before a first deployment: a place for the state, and identities.",
    ),
    "status": ("listing", "Show all stacks on one screen, and where they differ."),
    "versions": ("listing", "List every version of a model."),
    "show": ("inspecting", "Show one version whole."),
    "signature": ("inspecting", "Show what a version takes and answers, field by field."),
    "mlmodel": ("inspecting", "Print a version's MLmodel file as it is."),
    "artifacts": ("inspecting", "List the files of a version, or download them."),
    "lineage": ("inspecting", "Follow a version to its training, or a run to its versions."),
    "compare": ("inspecting", "Compare two versions."),
    "check": ("proving", "Check whether a version may be served here."),
    "verify": ("proving", "Prove that what the stack pins is what answers."),
    "ask": ("proving", "Ask the endpoint, whatever its model takes."),
    "pin": ("moving", "Pin a version: change the one line, after its checks."),
    "rollback": ("moving", "Pin the version that was proven to serve before."),
    "warm": ("warming", "Keep versions deployed and ready, so that going back is no build."),
    "promote": ("moving", "Promote a version from one stack to another."),
    "review": ("reviewing", "Say what a change of stack files will do."),
    "propose": ("proposing", "Propose the pin of a new version, as a pull request with the review in its text."),
    "adopt": ("adopting", "Write the settings of an endpoint that exists into the stack's file."),
    "settings": ("in_force", "Show which settings are in force, and which line says so."),
    "drift": ("drifting", "Find what was changed by hand of what the stack deployed."),
    "history": ("past", "Tell what served when, and for how long."),
    "report": ("picturing", "Write what all stacks serve, and served, as one page."),
    "alias": ("aliases", "Name versions: champion, challenger, previous."),
    "stacks": ("delivering", "List the stacks in the order in which they are deployed."),
    "current": ("delivering", "Stop a late run: exit 1 if main has another version of the stack by now."),
    "outputs": ("delivering", "Print a stack's outputs as JSON, for --target and for `promote` elsewhere."),
    "comment": ("forging", "Write a comment under a pull request, over the one that an earlier run wrote there."),
    "issue": ("forging", "Open an issue, or bring the open one of that title up to date, or close it."),
    "pull-request": ("forging", "Push a branch, and open its pull request unless one is open."),
    "summary": ("forging", "Add a text to the summary of the run; on a laptop, print it."),
    "score": ("scoring", "Score every row of a file into another."),
}
"""In the order of the work: each command's module, and the first sentence of its help."""


@click.group(
    cls=Commands,
    modules={name: f"model_ops.cli.{module}" for name, (module, _) in COMMANDS.items()},
    sentences={name: sentence for name, (_, sentence) in COMMANDS.items()},
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(package_name="rollpin")
def main() -> None:
    """Do around a served model what people did by clicking.

    Data goes to stdout, words go to stderr. Exit code 0: done; 1: refused or failed; 2: misuse.
    """


if __name__ == "__main__":
    main()
