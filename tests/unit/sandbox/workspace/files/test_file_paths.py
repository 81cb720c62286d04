from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.files.file_paths import contained, split, stored

BASE = "/WorkspaceInternal/Mlflow/Artifacts/1"
RUN, MODEL = "a" * 32, f"m-{'b' * 32}"


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (f"{BASE}/Runs/{RUN}/artifacts/a/b.txt", f"1/{RUN}/artifacts/a/b.txt"),
        (f"{BASE}/Runs/{RUN}/artifacts/", f"1/{RUN}/artifacts"),
        (f"{BASE}/LoggedModels/{MODEL}/artifacts/MLmodel", f"1/models/{MODEL}/artifacts/MLmodel"),
        (f"{BASE}/Runs/{RUN}/artifacts/models/x", f"1/{RUN}/artifacts/models/x"),
        (f"{BASE}/Runs/{RUN}/artifacts/%2e%2e/x", f"1/{RUN}/artifacts/%2e%2e/x"),
    ],
)
def test_a_path_leads_to_where_mlflow_keeps_the_artifact(sent: str, expected: str) -> None:
    assert "/".join(stored(split(sent))) == expected


@pytest.mark.parametrize(
    "sent",
    ["", "/", "relative", "//x", "/a//b", "/a/../b", "/a/./b", "/a/..", "/..", "/a\0b", f"/{'x' * 256}", "/x" * 1001],
)
def test_a_path_that_is_not_plain_is_refused(sent: str) -> None:
    with pytest.raises(ApiError, match="path: absolute"):
        split(sent)


@pytest.mark.parametrize(
    "sent",
    [
        "/Volumes/a/b/c",
        "/etc/passwd",
        BASE,
        f"{BASE}/Runs",
        f"{BASE}/Runs/logged_models",
        f"{BASE}/Runs/logged_models/{MODEL}/artifacts/x",
        f"{BASE}/Runs/models/{MODEL}/artifacts/x",
        f"{BASE}/Runs/{MODEL}/x",
        f"{BASE}/Runs/{RUN}0/x",
        f"{BASE}/LoggedModels/{RUN}/x",
        f"{BASE}/Traces/t",
        "/Models/a/b/c",
        "/Workspace/x",
    ],
)
def test_a_path_that_the_sandbox_does_not_have_is_not_found(sent: str) -> None:
    with pytest.raises(ApiError, match="not found") as refused:
        stored(split(sent))
    assert refused.value.status == 404


@given(st.text(max_size=60))
def test_no_text_leads_out_of_its_base(text: str) -> None:
    base = Path("/nowhere/base")
    try:
        names = stored(split(f"{BASE}/Runs/{RUN}/{text}"))
    except ApiError:
        return
    assert contained(base, names).is_relative_to(base / "1" / RUN)


def test_no_symbolic_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "base/link").symlink_to(tmp_path / "elsewhere")
    assert contained(tmp_path / "base", ["link2", "x"]) == tmp_path / "base/link2/x"
    for names in (["link"], ["link", "x"]):
        with pytest.raises(ApiError, match="symbolic link"):
            contained(tmp_path / "base", names)
