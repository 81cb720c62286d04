"""What the engine has encrypted is refused, and shown nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.settings.load import load
from infra.settings.mistake import SettingsError


def write(directory: Path, text: str) -> Path:
    path = directory / "Pulumi.test.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(path: Path) -> str:
    with pytest.raises(SettingsError) as error:
        load(path, "test")
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("config:\n  rollpin:tags: {secure: v1:abc}\n", "rollpin:tags"),
        ("config:\n  rollpin:tags:\n    team:\n      secure: v1:abc\n", "--path rollpin:tags.team"),
        ("config: {'rollpin:tags': {a.b: {'secure': v1:abc}}}\n", """--path 'rollpin:tags["a.b"]'"""),
        ("config: {'rollpin:tags': {x: &x {secure: v1:abc}, team: *x}}\n", "--path rollpin:tags.team"),
        ("config: {'rollpin:protect': {secure: v1:abc}}\n", "rollpin:protect"),
        (
            "config: {'rollpin:models': {a: {warmVersions: [{secure: v1:abc}]}}}\n",
            "--path 'rollpin:models.a.warmVersions[0]'",
        ),
    ],
)
def test_a_secret_is_refused_where_no_setting_takes_one_and_not_repeated(tmp_path: Path, text: str, path: str) -> None:
    message = refused(write(tmp_path, text))

    assert "found:   a secret, set with `--secret` (its value is not shown)" in message
    assert f"mend:    pulumi config rm {path} --stack test" in message
    assert "v1:abc" not in message


def test_a_text_that_holds_a_secret_is_shown_without_it(tmp_path: Path) -> None:
    message = refused(write(tmp_path, "config: {'rollpin:models': {a: {endpoint: [{secure: v1:abc}]}}}\n"))

    assert "found:   `[{secure: …}]`" in message
    assert "v1:abc" not in message


def test_a_providers_own_secret_is_left_to_it(tmp_path: Path) -> None:
    text = "config:\n  databricks:httpTimeoutSeconds: {secure: v1:abc}\n  rollpin:models: {}\n"

    assert load(write(tmp_path, text), "test").models == {}
