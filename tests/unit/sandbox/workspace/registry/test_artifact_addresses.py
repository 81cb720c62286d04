from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.workspace.registry.artifact_addresses import filter_to_mlflow, speaks_databricks, to_databricks, to_mlflow

SEGMENT = st.text(st.characters(exclude_characters="/", exclude_categories=["Cs"]), min_size=1, max_size=8)
PATH = st.lists(SEGMENT | st.sampled_from(["models", "logged_models", "m-1"]), min_size=1, max_size=5).map("/".join)


@pytest.mark.parametrize(
    ("mlflow", "databricks"),
    [
        ("mlflow-artifacts:/1", "dbfs:/databricks/mlflow-tracking/1"),
        ("mlflow-artifacts:/1/r/artifacts", "dbfs:/databricks/mlflow-tracking/1/r/artifacts"),
        ("mlflow-artifacts:/1/models/m-1/artifacts", "dbfs:/databricks/mlflow-tracking/1/logged_models/m-1/artifacts"),
        ("mlflow-artifacts:/1/r/artifacts/models/x", "dbfs:/databricks/mlflow-tracking/1/r/artifacts/models/x"),
    ],
)
def test_one_place_has_two_spellings(mlflow: str, databricks: str) -> None:
    assert to_databricks(mlflow) == databricks
    assert to_mlflow(databricks) == mlflow


@given(PATH)
def test_a_translation_there_and_back_changes_nothing(path: str) -> None:
    assert to_mlflow(to_databricks(f"mlflow-artifacts:/{path}")) == f"mlflow-artifacts:/{path}"
    databricks = f"dbfs:/databricks/mlflow-tracking/{path}"
    assert to_databricks(to_mlflow(databricks)) == databricks


@given(PATH, PATH)
def test_two_places_never_get_one_address(one: str, other: str) -> None:
    spelled = [to_databricks(f"mlflow-artifacts:/{path}") for path in (one, other)]
    assert (spelled[0] == spelled[1]) == (one == other)


@pytest.mark.parametrize(
    "address",
    ["", "s3://bucket/x", "models:/m-1", "runs:/r/chain", "dbfs:/elsewhere", "mlflow-artifacts://host/1", "file:///x"],
)
def test_any_other_address_stays_as_it_is(address: str) -> None:
    assert to_databricks(address) == address
    assert to_mlflow(address) == address


def test_the_addresses_in_a_filter_are_translated_and_nothing_else_of_it() -> None:
    base = "dbfs:/databricks/mlflow-tracking"
    text = f"attributes.artifact_uri LIKE '{base}/1/%' AND params.a = \"{base}/1/logged_models/m\" AND x = '{base}'"
    assert filter_to_mlflow(text) == (
        "attributes.artifact_uri LIKE 'mlflow-artifacts:/1/%' AND params.a = \"mlflow-artifacts:/1/models/m\" "
        f"AND x = '{base}'"
    )


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        ("unknown/0.0.0 databricks-sdk-py/0.156.0 python/3.11.7 os/linux auth/pat", True),
        ("databricks-tf-provider/1.106.0 databricks-sdk-go/0.90.0 go/1.24 os/linux", True),
        ("mlflow-python-client/3.17.2", False),
        ("Mozilla/5.0 (X11; Linux x86_64)", False),
        ("curl/8.5.0", False),
        ("", False),
    ],
)
def test_who_comes_through_databricks_sdk_is_known_by_it(agent: str, expected: bool) -> None:
    assert speaks_databricks(agent) is expected
