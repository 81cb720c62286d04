"""An MLmodel file, as somebody has uploaded it: any bytes at all."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

LARGEST = 1024 * 1024  # bytes: with its signature an MLmodel file has a few thousand
_DEEPEST = 100  # levels: those of MLflow have five
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LONG_NUMBER = re.compile(r"[-+0-9_.:]{1000,}")


def read(file: Path) -> dict[str, Any]:
    """Give what an MLmodel file says; raises ValueError, with the reason in one line, for one that cannot be read."""
    try:
        if file.stat().st_size > LARGEST:
            raise ValueError(f"it is larger than {LARGEST} bytes")
        text = file.read_text("utf-8")
        _check_bounds(text)
        loaded = _load(text)
    except Exception as error:
        # Whatever YAML's constructors raise for what they do not expect: KeyError, OverflowError, RecursionError, ….
        reason = " ".join(str(error).split())[:200]
        raise ValueError(f"{type(error).__name__}: {reason}") from error
    return loaded if isinstance(loaded, dict) else {}


def _check_bounds(text: str) -> None:
    # Event by event, which takes no stack: libyaml's composer recurses, and would end the process.
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise ValueError(f"it has more than {_DEEPEST} levels")
        if isinstance(event, yaml.ScalarEvent) and _LONG_NUMBER.fullmatch(event.value):
            # Numbers to the base 60 take time by the square of their length.
            raise ValueError("it holds a number of more than 1000 digits")


def _load(text: str) -> Any:
    loader = _LOADER(text)
    # Merge keys (<<) can make a few lines fill the memory, and MLflow writes none: here they are an error.
    loader.flatten_mapping = lambda _node: None
    with _uncollected():
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()


@contextmanager
def _uncollected() -> Iterator[None]:
    # The many nodes of a large file are no garbage, and looking through them takes longer than reading it.
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
