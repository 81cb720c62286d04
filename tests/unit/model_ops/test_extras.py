"""What an extra brings is told where it is not installed, with what to type."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from model_ops import extras
from model_ops.errors import ExtraError

Hide = Callable[..., None]


def test_an_extra_that_is_there_is_not_missing() -> None:
    assert extras.missing("scoring") == []
    extras.require("scoring", "Loading a model")


def test_an_extra_brings_what_those_bring_that_it_refers_to(hide: Hide) -> None:
    hide("mlflow", "pandas", "pyspark")
    assert extras.missing("scoring") == ["mlflow", "pandas"]
    assert extras.missing("spark") == ["mlflow", "pandas", "pyspark"]


def test_the_message_says_what_is_missing_what_for_and_what_to_type(hide: Hide, monkeypatch) -> None:
    monkeypatch.chdir(extras.CHECKOUT)
    monkeypatch.setattr(sys, "executable", str(extras.CHECKOUT / ".venv/bin/python"))
    hide("mlflow", "pandas")
    with pytest.raises(ExtraError) as refused:
        extras.require("scoring", "Loading a model")
    assert str(refused.value) == (
        "Loading a model needs the extra `scoring`, of which this is not installed: mlflow, pandas.\n"
        "Install it: .venv/bin/python -m pip install --require-hashes -r requirements-scoring.txt"
    )


def test_many_missing_packages_are_counted(hide: Hide) -> None:
    hide("aiohttp", "anyio", "fastapi", "grpcio", "psutil", "uvicorn", "yarl")
    with pytest.raises(ExtraError, match=r"not installed: aiohttp, anyio, fastapi, grpcio and 3 more\.\n"):
        extras.require("rehearse", "The local stack")


def test_the_file_is_named_from_wherever_one_stands(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert extras.install("scoring").endswith(f"--require-hashes -r {extras.CHECKOUT / 'requirements-scoring.txt'}")


def test_without_a_checkout_the_extra_is_named(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(extras, "CHECKOUT", tmp_path)
    assert extras.install("spark").endswith("-m pip install 'rollpin[spark]'")


def test_where_the_distribution_does_not_say_what_it_brings_nothing_is_said_to_be_missing(monkeypatch) -> None:
    monkeypatch.setattr(extras, "DISTRIBUTION", "no-such-distribution")
    with pytest.raises(metadata.PackageNotFoundError):
        metadata.requires(extras.DISTRIBUTION)
    assert extras.missing("scoring") == []
