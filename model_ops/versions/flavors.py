"""The files that the flavors of an MLmodel file name: each flavor says under keys of its own where its files are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

PYFUNC = "python_function"
"""The one flavor that a model server loads."""

KNOWN = frozenset(
    [
        "catboost",
        "crate",
        "diffusers",
        "dspy",
        "h2o",
        "johnsnowlabs",
        "keras",
        "langchain",
        "lightgbm",
        "llama_index",
        "onnx",
        "openai",
        "paddle",
        "pmdarima",
        "prophet",
        "python_function",
        "pytorch",
        "sentence_transformers",
        "shap",
        "sklearn",
        "spacy",
        "spark",
        "statsmodels",
        "tensorflow",
        "transformers",
        "xgboost",
    ]
)
"""The flavors of MLflow 3.17 that have files; a test reads them from MLflow, and the keys."""

PATHS = frozenset(
    [
        "adapter_weights",
        "agent_data",
        "agent_primitive_data",
        "code",
        "data",
        "loader_fn",
        "model_binary",
        "model_data",
        "model_path",
        "parameters_path",
        "peft_adaptor",
        "persist_dir",
        "pickled_model",
        "python_model",
        "saved_model_dir",
        "serialized_explainer",
        "tools_data",
    ]
)
"""The keys under which they name a file or a directory of the version."""

_PATHS_OF_ONE = {"crate": frozenset({"model"})}
_OUTSIDE = frozenset({"local_base_model_path"})
"""Keys of what lies on the machine that logged the model, or where it is to be served."""
_CODE = "model_code_path"
_NO_FILES = re.compile(r"version|class|module|type|format|name|url|uri", re.IGNORECASE)
_FILE = re.compile(r"[^\s:]*[/\\][^\s:]*|[\w-]+\.[a-z][a-z0-9]{0,7}")
"""How a file is written: with a directory, or with one ending."""


@dataclass(frozen=True, kw_only=True)
class NamedPath:
    """A file or directory that a flavor names, such as `model.pkl` as `sklearn.pickled_model`."""

    key: str
    path: str
    certain: bool = True
    """False where it is not known whether that is a file of the version at all."""

    @property
    def from_windows(self) -> bool:
        """True for a path with a backslash, as MLflow wrote it on Windows."""
        return "\\" in self.path

    def is_among(self, there: frozenset[str]) -> bool:
        """Say whether it is one of the files of these paths, or a directory of one."""
        return str(PurePosixPath(self.path)) in there


def named_paths(flavors: Mapping[str, Mapping[str, Any]]) -> tuple[NamedPath, ...]:
    """Every path that any flavor names; of a flavor that is none of MLflow's, what may be one too."""
    return tuple(found for name, flavor in flavors.items() for found in _of_flavor(name, flavor))


def with_directories(paths: tuple[str, ...]) -> frozenset[str]:
    """The paths of the files and of every directory that they are in; the topmost is `.`."""
    return frozenset({*paths, *(str(above) for path in paths for above in PurePosixPath(path).parents)})


def _of_flavor(name: str, flavor: Mapping[str, Any]) -> Iterator[NamedPath]:
    for key, value in flavor.items():
        where = f"{name}.{key}"
        match key, value:
            case "env", str() | dict():  # MLflow 1 named conda.yaml alone
                files = value.items() if isinstance(value, dict) else [("conda", value)]
                yield from (NamedPath(key=f"{where}.{kind}", path=str(file)) for kind, file in files)
            case "artifacts", dict():
                named = [(f"{where}.{each}", found) for each, found in value.items()]
                yield from (NamedPath(key=place, path=str(found["path"])) for place, found in named if _has_path(found))
            case "extra_files", list():
                yield from (NamedPath(key=where, path=str(found["path"])) for found in value if _has_path(found))
            case _, str() if value:
                yield from _of_text(name, str(key), value)


def _of_text(name: str, key: str, value: str) -> Iterator[NamedPath]:
    where = f"{name}.{key}"
    if key == _CODE:
        # It is named by where it lay on the machine that logged it; its copy lies at the top.
        yield NamedPath(key=where, path=PurePosixPath(value).name)
    elif name in KNOWN and key in PATHS | _PATHS_OF_ONE.get(name, frozenset()):
        yield NamedPath(key=where, path=value)
    elif key in _OUTSIDE or (name not in KNOWN and _may_be_file(key, value)):
        yield NamedPath(key=where, path=value, certain=False)


def _has_path(found: Any) -> bool:
    return isinstance(found, dict) and bool(found.get("path"))


def _may_be_file(key: str, value: str) -> bool:
    return not _NO_FILES.search(key) and bool(_FILE.fullmatch(value))
