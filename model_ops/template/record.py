"""`.rollpin.yaml`: what was answered, and what was written, so that a file that was edited since is known."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

PATH = ".rollpin.yaml"
HEAD = "# Written by `model-ops init`: what was answered, and a digest of each file as it was written. Commit it.\n"
SHIPPED = {
    ".azuredevops/stacks.yml": "c6caabc0837069806ca5943e172704704a011d17989e846dc9431b73fb9a0dbc",
    "Pulumi.local.yaml": "be42415942beb5be9723db7a7b842b6908ae4bbf1ca81f77bd6d178c9f4e17ee",
    "Pulumi.prod.yaml": "604bf85e48c2322983fd183fb827aa409b6ca68de643a8a471e4064309389166",
    "Pulumi.test.yaml": "70828a52087092d7cd693625941c81ec885f8ac6fb50339931ebfdf2153e6a76",
}
"""The digests of the stack files that come with Rollpin, and of the one list of stacks."""


@dataclass(frozen=True)
class Record:
    """What the last `init` left; before the first one, what Rollpin comes with."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=lambda: SHIPPED)

    def untouched(self, path: str, content: bytes) -> bool:
        """Whether a file is still what was written, or what Rollpin came with."""
        return self.written.get(path) == digest(content)


def digest(content: bytes) -> str:
    """Give what tells one content from another, whatever its line ends."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def read(content: bytes | None) -> Record:
    """Read what the last `init` left; what is not there, or is none of ours, counts as nothing."""
    try:
        found = YAML(typ="safe").load(content) if content else None
    except YAMLError:
        return Record()
    if not isinstance(found, dict) or not isinstance(found.get("written"), dict):
        return Record()
    answers = found.get("answers")
    return Record(answers if isinstance(answers, dict) else {}, found["written"])


def text(answers: Mapping[str, Any], written: Mapping[str, str]) -> bytes:
    """Give the file for these answers and the digests of what was written with them."""
    out, yaml = BytesIO(), YAML()
    yaml.default_flow_style = False
    yaml.dump({"answers": answers, "written": dict(sorted(written.items()))}, out)
    return HEAD.encode() + out.getvalue()
