"""`.gitattributes`: which files a merge of a newer Rollpin leaves as they are here."""

from __future__ import annotations

PATH = ".gitattributes"
LINES = (
    "# Ours: a merge of a newer Rollpin leaves them alone (docs/upgrading.md).",
    "/Pulumi.*.yaml merge=ours",
    "/.github/CODEOWNERS merge=ours",
)


def attributes(text: str) -> str:
    """Give the file with these lines in it, behind whatever it says already."""
    missing = [line for line in LINES if line not in text.splitlines()]
    return "\n".join([*text.splitlines(), *missing, ""])
