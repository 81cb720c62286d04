"""The MLmodel file, as MLflow writes it today and as it wrote it in 2024."""

import pytest

from model_ops.errors import VersionError
from model_ops.versions.mlmodel import MlModel

OF_2024 = """\
artifact_path: chain
databricks_runtime: 12.2.x-cpu-ml-scala2.12
flavors:
  langchain:
    langchain_version: 0.1.5
    model_data: model
  python_function:
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.langchain
    model_data: model
    python_version: 3.9.5
mlflow_version: 2.10.1
model_size_bytes: 19481
model_uuid: c997795cb0e34606a411055e061b341c
run_id: 4f3e6879586b452d9ed31298ccd4f102
signature:
  outputs: '[{"type": "string", "required": true}]'
utc_time_created: '2024-04-19 05:12:22.800387'
"""


def parsed(text: str = OF_2024) -> MlModel:
    return MlModel.parse(text, "version 7")


def test_what_it_says_is_read() -> None:
    found = parsed()
    assert (found.artifact_path, found.python_version) == ("chain", "3.9.5")
    assert found.text("databricks_runtime") == "12.2.x-cpu-ml-scala2.12"
    assert found.text("utc_time_created") == "2024-04-19 05:12:22.800387"
    assert found.environments == {"conda": "conda.yaml", "virtualenv": "python_env.yaml"}
    assert found.input_example is None


@pytest.mark.parametrize("text", ["", "- a\n", "flavors: none\n", "a: [\n", "artifact_path: chain\n"])
def test_what_is_no_mlmodel_file_is_refused_with_the_versions_name(text: str) -> None:
    with pytest.raises(VersionError, match="The MLmodel file of version 7"):
        parsed(text)


@pytest.mark.parametrize(
    "odd",
    [
        "a: 2001-13-45",
        f"a: {'9' * 5000}",
        'a: !!int ""',
        "a: !!bool q",
        "a: !!timestamp x",
        f"a: {'[' * 5000}",
        "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
        "c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]\n"
        "e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]\nf: [*e, *e, *e, *e, *e, *e, *e, *e, *e]",
        "a: &a [*a]",
        f"a: '{'x' * 1024 * 1024}'",
    ],
)
def test_a_file_that_would_crash_or_never_end_is_refused_in_one_message(odd: str) -> None:
    with pytest.raises(VersionError, match="The MLmodel file of version 7"):
        parsed(f"flavors: {{}}\n{odd}\n")
