"""Merge keys, anchors and aliases mean what they mean to the engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.settings.load import load
from infra.settings.mistake import SettingsError
from infra.settings.stack_file import read


def write(directory: Path, text: str) -> Path:
    path = directory / "Pulumi.test.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(path: Path) -> str:
    with pytest.raises(SettingsError) as error:
        load(path, "test")
    return str(error.value)


MERGED = """\
config:
  rollpin:models:
    a: &a
      catalog: c
      schema: s
      endpoint: &ep {name: a, workloadSize: Large}
    b:
      <<: *a
      servedVersion: 7
      endpoint: {<<: *ep, name: b}
"""


def test_merge_keys_are_resolved_as_the_engine_does(tmp_path: Path) -> None:
    models = load(write(tmp_path, MERGED), "test").models

    assert (models["b"].catalog, models["b"].schema_name, models["b"].served_version) == ("c", "s", 7)
    assert (models["b"].endpoint.name, models["b"].endpoint.workload_size) == ("b", "Large")
    assert models["a"].served_version is None


@pytest.mark.parametrize(
    ("merge", "size"),
    [
        ("{<<: [*one, *two]}", 1),
        ("{<<: [*two, *one]}", 2),
        ("{<<: *one, x: 3}", 3),
        ("{x: 3, <<: *one}", 3),
        ("{<<: *both}", 2),
        ("{'<<': *two}", 2),
        ("{<<: {x: 4}}", 4),
    ],
)
def test_what_is_nearer_goes_before_what_is_merged(tmp_path: Path, merge: str, size: int) -> None:
    anchors = "  one: &one {x: 1}\n  two: &two {x: 2}\n  both: &both {<<: [*two, *one]}\n"

    assert read(write(tmp_path, f"config:\n{anchors}  a: {merge}\n")).config["a"] == {"x": size}


def test_a_mistake_in_what_is_merged_is_told_once_at_its_own_line(tmp_path: Path) -> None:
    message = refused(write(tmp_path, MERGED.replace("workloadSize: Large", "workloadSize: Huge")))

    assert "has 1 mistake." in message
    assert "Pulumi.test.yaml:6  rollpin:models.a.endpoint.workloadSize" in message


def test_a_key_that_holds_what_others_merge_is_not_just_removed(tmp_path: Path) -> None:
    text = MERGED.replace("config:\n", "base: &base {schema: s}\nconfig:\n").replace("schema: s\n", "<<: *base\n")

    assert "put what `&base` marks, with its mark, where `*base` stands first; then remove the key `base`" in refused(
        write(tmp_path, text)
    )


def test_a_merge_key_that_stands_twice_is_told_to_become_one_list(tmp_path: Path) -> None:
    text = MERGED.replace("{<<: *ep, name: b}", "{<<: *ep, name: b, <<: *ep}")

    assert "write one key `<<` at line 10, with a list of both values" in refused(write(tmp_path, text))
