"""How much of a stack file is read, and how much of it is told."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from infra.settings import stack_yaml
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


@pytest.mark.parametrize("depth", [1000, 10_000])
def test_values_that_are_nested_too_deep_are_refused(tmp_path: Path, depth: int) -> None:
    assert "too deep to read" in refused(write(tmp_path, f"config:\n  a: {'[' * depth}{']' * depth}\n"))


def test_aliases_that_add_up_to_too_deep_a_nesting_are_refused(tmp_path: Path) -> None:
    lines = [f"  a{n}: &a{n} {'[' * 50}{f'*a{n - 1}' if n else ''} {']' * 50}" for n in range(30)]

    assert "too deep to read" in refused(write(tmp_path, "\n".join(["config:", *lines])))


LAUGHS = "".join(f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
TOO_MUCH = {
    "brackets": (f"config:\n  a: {'[' * 3000}{']' * 3000}\n", "values in values, too deep to read"),
    "brackets that nobody closes": (f"config:\n  a: {'{b: ' * 3000}\n", "values in values, too deep to read"),
    "lists in lists": (f"config:\n  a:\n    {'- ' * 3000}b\n", "values in values, too deep to read"),
    "keys of keys": (f"config:\n  {'? ' * 3000}b\n", "values in values, too deep to read"),
    "aliases of aliases": (f"config:\n  a0: &a0 x\n{LAUGHS}", "more keys and values than are read"),
    "merges of merges": (
        "config:\n  a0: &a0 {x: 1}\n"
        + "".join(f"  a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 9)),
        "more keys and values than are read",
    ),
    "keys": ("config:\n" + "".join(f"  k{n}: 1\n" for n in range(6000)), "more keys and values than are read"),
    "so many keys that the file is large": (
        "config:\n" + "".join(f"  k{n}: 1\n" for n in range(60_000)),
        "more than 262144 bytes",
    ),
    "one large text": (f"config:\n  a: {'x' * 300_000}\n", "more than 262144 bytes"),
}


@pytest.mark.parametrize(("text", "found"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_is_past_a_bound_is_refused_before_it_is_composed(
    tmp_path: Path, text: str, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stack_yaml, "YAML", lambda **_: pytest.fail("it was composed"))

    message = refused(write(tmp_path, text))

    assert f"found:   {found}" in message
    assert "allowed: at most " in message
    assert "see what grew: git diff Pulumi.test.yaml" in message


def test_without_libyaml_the_bounds_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack_yaml, "_EVENTS", yaml.Loader)

    for text, found in (TOO_MUCH["brackets"], TOO_MUCH["aliases of aliases"]):
        assert found in refused(write(tmp_path, text))
    assert read(write(tmp_path, "config: {a: &a [1], b: *a}\n")).config == {"a": (1,), "b": (1,)}


def test_a_stack_of_a_hundred_models_is_within_the_bounds(tmp_path: Path) -> None:
    one = "catalog: prod, schema: rag, servedVersion: 7, warmVersions: [6, 7], canary: {version: 8, percent: 10}"
    rest = "endpoint: {name: x, workloadSize: Small}, access: {query: [a, b], manage: [c], execute: [d]}"
    models = "".join(f"    model-{n}: {{{one}, {rest}}}\n" for n in range(100))

    assert len(read(write(tmp_path, f"config:\n  rollpin:models:\n{models}")).config["rollpin:models"]) == 100


def test_a_message_lists_the_first_mistakes_and_counts_the_rest(tmp_path: Path) -> None:
    message = refused(write(tmp_path, "config:\n" + "".join(f"  k{n}: {'x' * 90}\n" for n in range(1000))))

    assert message.startswith("Pulumi.test.yaml has 1001 mistakes.")
    assert "\n  25. Pulumi.test.yaml:25  k23\n" in message
    assert message.endswith("\n  and 976 more, which are listed once these are mended")


def test_a_key_of_any_length_is_cut_where_it_is_shown(tmp_path: Path) -> None:
    key = "k" * 900

    message = refused(write(tmp_path, f"config:\n  rollpin:models: {{? {key}\n : {{}}}}\n  ? {key}\n  : 1\n"))

    assert max(map(len, message.splitlines())) <= 1001
