"""The keys under which flavors name files, held against the code of the installed MLflow."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from model_ops.versions.flavors import KNOWN, PATHS, NamedPath, named_paths, with_directories

ROOT = Path(find_spec("mlflow").origin).parent
# What stands beside the paths, in sections that MLflow writes: versions, kinds, switches. A new key belongs here or to
# the paths.
SETTINGS = frozenset(
    [
        "adapter_type",
        "base_model",
        "base_model_revision",
        "cloudpickle_version",
        "components",
        "engine_type",
        "framework",
        "inference_task",
        "instance_type",
        "keras_backend",
        "keras_module",
        "keras_version",
        "lgb_version",
        "loader_arg",
        "loader_module",
        "meta_graph_tags",
        "model_class",
        "model_config",
        "model_format",
        "model_load",
        "model_type",
        "onnx_session_options",
        "pickle_module_name",
        "pipeline_model_type",
        "predict_fn",
        "predict_stream_fn",
        "providers",
        "python_model_compression",
        "python_version",
        "save_exported_model",
        "save_format",
        "serialization_format",
        "signature_def_key",
        "skops_trusted_types",
        "source_model_name",
        "source_model_revision",
        "streamable",
        "task",
        "torch_dtype",
        "underlying_model_flavor",
        "weight_name",
    ]
)
# What is read in another way than by the list of paths.
OTHERWISE = frozenset({"artifacts", "env", "extra_files", "local_base_model_path", "model", "model_code_path"})


WRITERS = ("add_flavor(", "add_to_model(", "flavor_conf", "FLAVOR_NAME = ", "model_data_kwargs")


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted(ROOT.rglob("*.py")):
        if any(word in (text := file.read_text()) for word in WRITERS):
            yield file, ast.parse(text)


def constants(tree: ast.AST) -> Mapping[str, str]:
    return {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def keys_of(tree: ast.Module, names: Mapping[str, str]) -> Iterator[str]:
    """The keys of the sections that a module writes: those that it passes on, and those of its own dicts."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="add_flavor" | "add_to_model") | ast.Name(id="add_to_model")):
                yield from (keyword.arg for keyword in node.keywords if keyword.arg)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(keys=keys)) if is_section(name):
                yield from (text for key in keys if (text := spelt(key, names)))
            case ast.Subscript(value=ast.Name(id=name), slice=key) if is_section(name):
                yield from filter(None, [spelt(key, names)])
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="get"), args=[key, *_]) if is_section(name):
                yield from filter(None, [spelt(key, names)])


def is_section(name: str) -> bool:
    return name.endswith(("flavor_conf", "flavor_options", "flavor_kwargs", "pyfunc_options", "model_data_kwargs")) or (
        name in {"model_bin_kwargs", "custom_model_config_kwargs", "pytorch_conf"}
    )


def spelt(key: ast.expr | None, names: Mapping[str, str]) -> str | None:
    match key:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name):
            return names.get(name)
        case ast.Attribute(attr=name):
            return names.get(name)
    return None


@pytest.fixture(scope="module")
def written() -> Mapping[str, set[str]]:
    """The keys by the module of MLflow that writes them."""
    found: dict[str, set[str]] = defaultdict(set)
    for file, tree in modules():
        found[str(file.relative_to(ROOT))] |= {*keys_of(tree, constants(tree))}
    return found


def test_every_key_of_the_installed_mlflow_is_known_as_a_path_or_as_none(written: Mapping[str, set[str]]) -> None:
    conda = {"conda_env", "python_env", "model"}  # arguments of add_to_model, which writes them as env and nowhere
    every = {key for keys in written.values() for key in keys if not key.endswith("_version")}

    assert len(every) > 40
    assert every - PATHS - SETTINGS - OTHERWISE - conda == set()
    assert PATHS - every == set()


def test_every_flavor_of_the_installed_mlflow_that_has_files_is_known() -> None:
    adding = {file.relative_to(ROOT).parts[0] for file, tree in modules() if "add_flavor(" in file.read_text()}
    names = {
        constants(tree)["FLAVOR_NAME"]
        for file, tree in modules()
        if "FLAVOR_NAME" in constants(tree) and file.relative_to(ROOT).parts[0] in adding
    }
    # R writes the flavor crate; MLflow for Python only knows its name.
    assert names | {"crate"} == KNOWN


def paths(**flavors: Any) -> list[tuple[str, str]]:
    return [(named.key, named.path) for named in named_paths(flavors)]


def test_each_flavor_names_its_files_under_its_own_keys() -> None:
    assert paths(crate={"version": "0.1.0", "model": "crate.bin"}) == [("crate.model", "crate.bin")]
    assert paths(sklearn={"pickled_model": "model.pkl", "sklearn_version": "1.6.1", "code": None}) == [
        ("sklearn.pickled_model", "model.pkl")
    ]
    assert paths(tensorflow={"saved_model_dir": "tf2model"}, shap={"serialized_explainer": "explainer.shap"}) == [
        ("tensorflow.saved_model_dir", "tf2model"),
        ("shap.serialized_explainer", "explainer.shap"),
    ]
    assert paths(pytorch={"model_data": "data", "extra_files": [{"path": "extra_files/a.txt"}]}) == [
        ("pytorch.model_data", "data"),
        ("pytorch.extra_files", "extra_files/a.txt"),
    ]


def test_python_function_names_code_environments_and_each_artifact() -> None:
    flavor = {
        "artifacts": {"vocab": {"path": "artifacts/vocab.txt", "uri": "/home/me/vocab.txt"}, "odd": None},
        "env": {"conda": "conda.yaml", "virtualenv": "python_env.yaml"},
        "model_code_path": "/tmp/x/chain.py",
        "loader_module": "mlflow.pyfunc.model",
    }
    assert paths(python_function=flavor) == [
        ("python_function.artifacts.vocab", "artifacts/vocab.txt"),
        ("python_function.env.conda", "conda.yaml"),
        ("python_function.env.virtualenv", "python_env.yaml"),
        ("python_function.model_code_path", "chain.py"),
    ]
    assert paths(python_function={"env": "conda.yaml"}) == [("python_function.env.conda", "conda.yaml")]


def test_code_that_was_logged_on_windows_is_looked_up_as_mlflow_does_where_it_is_served() -> None:
    (found,) = named_paths({"python_function": {"model_code_path": r"C:\x\chain.py"}})

    assert (found.path, found.from_windows) == (r"C:\x\chain.py", True)
    assert not found.is_among(with_directories(("chain.py", "MLmodel")))


def test_what_a_flavor_of_somebody_elses_names_may_be_a_file_and_may_be_none() -> None:
    flavor = {
        "weights": "w.bin",
        "settings": "conf/all",
        "model_class": "pkg.Net",
        "version": "1.0",
        "home": "http://a/b",
    }

    assert named_paths({"mine": flavor}) == (
        NamedPath(key="mine.weights", path="w.bin", certain=False),
        NamedPath(key="mine.settings", path="conf/all", certain=False),
    )


def test_a_base_model_that_lies_elsewhere_is_not_certain_to_be_missed() -> None:
    [named] = named_paths({"transformers": {"local_base_model_path": "/dbfs/base", "task": "fill-mask"}})
    assert (named.path, named.certain) == ("/dbfs/base", False)


@pytest.mark.parametrize("path", ["data", "data/", "./data", "data/sub", "data/sub/a.bin", "."])
def test_a_directory_is_there_where_a_file_is_in_it(path: str) -> None:
    there = with_directories(("data/sub/a.bin",))

    assert NamedPath(key="a", path=path).is_among(there)
    assert not NamedPath(key="a", path="dat").is_among(there)
    assert not NamedPath(key="a", path="data\\sub").is_among(there)
