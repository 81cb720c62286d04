"""The MLmodel file: what MLflow says of a logged model beside its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import yaml

from model_ops.errors import VersionError, first_line
from model_ops.versions.flavors import PYFUNC, NamedPath, named_paths
from model_ops.versions.resources import Declared, read_resources

NAME = "MLmodel"
LARGEST = 1024 * 1024
"""Characters of an MLmodel file: with its signature it has a few thousand."""


@dataclass(frozen=True, kw_only=True)
class MlModel:
    """What an MLmodel file says; what it leaves out is None or empty."""

    content: Mapping[str, Any]
    """The whole of it, as its YAML says."""

    @classmethod
    def parse(cls, text: str, label: str) -> MlModel:
        """Read an MLmodel file; raises VersionError, which names the model as `label`, where that cannot be done."""
        if len(text) > LARGEST:
            raise VersionError(f"The MLmodel file of {label} has more than {LARGEST} characters.\n{_MEND}")
        try:
            # Not the loader in C: it crashes on what is nested deeply.
            content = yaml.safe_load(text)
            _require_bounded(content)
        except _UNREADABLE as error:
            raise VersionError(f"The MLmodel file of {label} cannot be read: {first_line(error)}.\n{_MEND}") from None
        if not isinstance(content, dict) or not isinstance(content.get("flavors"), dict):
            raise VersionError(f"The MLmodel file of {label} names no flavors, so nothing can load it.\n{_MEND}")
        return cls(content=content)

    @property
    def flavors(self) -> Mapping[str, Mapping[str, Any]]:
        """The settings of each flavor by its name."""
        return {str(name): value if isinstance(value, dict) else {} for name, value in self.content["flavors"].items()}

    @property
    def signature(self) -> Mapping[str, Any] | None:
        """The signature as it is written: JSON texts for inputs, outputs and params."""
        found = self.content.get("signature")
        return found if isinstance(found, dict) else None

    @property
    def artifact_path(self) -> str | None:
        """The name under which the run logged it, such as chain."""
        return self.text("artifact_path")

    @property
    def python_version(self) -> str | None:
        """The Python that it was logged with."""
        found = self.flavors.get(PYFUNC, {}).get("python_version")
        return str(found) if found is not None else None

    @property
    def environments(self) -> Mapping[str, str]:
        """The environment files by kind: conda, virtualenv."""
        env = self.flavors.get(PYFUNC, {}).get("env")
        if isinstance(env, str):  # as MLflow 1 wrote it
            return {"conda": env}
        return {str(kind): str(file) for kind, file in env.items()} if isinstance(env, dict) else {}

    @property
    def input_example(self) -> str | None:
        """The file that holds an input as the scoring server takes it; MLflow has written one since 2.14."""
        info = self.content.get("saved_input_example_info")
        found = info.get("serving_input_path") if isinstance(info, dict) else None
        return str(found) if found else None

    @property
    def named_paths(self) -> tuple[NamedPath, ...]:
        """Every file or directory of the version that its flavors name."""
        return named_paths(self.flavors)

    @property
    def declared(self) -> Declared:
        """What it says that the model uses: indexes, endpoints, functions, tables and so on."""
        return read_resources(self.content)

    def text(self, key: str) -> str | None:
        """A plain value by its key, such as mlflow_version or databricks_runtime; None where it is not there."""
        found = self.content.get(key)
        return str(found) if isinstance(found, (str, int, float, datetime)) else None


_UNREADABLE = (
    *(yaml.YAMLError, RecursionError, ValueError, KeyError, IndexError, AttributeError, TypeError),
    OverflowError,
)
"""What PyYAML raises for scalars that are no such thing, beside its own errors."""
_MOST = 100_000
"""Values in an MLmodel file: aliases in aliases can make billions of a few lines."""


def _require_bounded(content: Any) -> None:
    open_, count = [content], 0
    while open_:
        value = open_.pop()
        count += 1
        if count > _MOST:
            raise ValueError(f"it holds more than {_MOST} values")
        open_ += [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []


_MEND = "Log the model again with MLflow and register it as a new version."
