"""The name by which the engine knows a resource: its stack, its type, its name in the program."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Urn:
    """A URN, as in `urn:pulumi:prod::rollpin::rollpin:index:Model$databricks:index/grant:Grant::bot-grant`."""

    text: str

    @property
    def stack(self) -> str:
        """The stack that the resource is of."""
        return self._parts[0].split(":")[2]

    @property
    def type(self) -> str:
        """The resource's own type, without those of its parents."""
        return self._parts[2].rpartition("$")[2]

    @property
    def name(self) -> str:
        """Its name in the program, which may hold whatever the other parts are divided by."""
        return self._parts[3]

    @property
    def _parts(self) -> list[str]:
        """Raises ValueError where the text is no URN."""
        parts = self.text.split("::", 3)
        if len(parts) < 4 or not parts[0].startswith("urn:pulumi:"):
            raise ValueError(f"{self.text!r} is no URN")
        return parts
