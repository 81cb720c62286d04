"""The settings of vector search: what is read, and what is refused with words that mend it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from infra.settings.schema import Settings

INDEX = "primaryKey: id, columns: {id: long, v: array<float>}, vectors: {column: v, dimension: 8}"


def with_search(text: str, search: str) -> str:
    return f"{text}  rollpin:vectorSearch: {search}\n"


def test_what_is_left_out_has_its_default(good: str, read: Callable[[str], Settings]) -> None:
    search = read(with_search(good, f"{{endpoint: docs, indexes: {{prod.a.docs: {{{INDEX}}}}}}}")).vector_search

    assert search is not None
    assert (search.endpoint_type, search.create_endpoint, search.adopt) == ("STANDARD", True, False)
    assert (search.principals, dict(search.volumes)) == (frozenset(), {})
    assert read(good).vector_search is None


def test_everybody_who_is_named_is_known(good: str, read: Callable[[str], Settings]) -> None:
    access = "access: {read: [one, two]}"
    search = f"{{endpoint: docs, indexes: {{prod.a.docs: {{{INDEX}, {access}}}}}, volumes: {{prod.a.v: {{{access}}}}}}}"
    found = read(with_search(good, search)).vector_search

    assert found is not None
    assert found.principals == {"one", "two"}
    assert [name for name, _ in found.readers] == ["prod.a.docs", "prod.a.v"]


@pytest.mark.parametrize(
    ("search", "words"),
    [
        ("{endpoint: docs, endpointTyp: STANDARD}", "write `endpointType:` instead of `endpointTyp:`"),
        ("{endpoint: docs, endpointType: LARGE}", "STANDARD or STORAGE_OPTIMIZED"),
        ("{endpoint: 'my docs'}", "write `my-docs`"),
        ("{endpoint: docs, volumes: {prod.docs: {}}}", "the name of an object of Unity Catalog in three parts"),
        ("{endpoint: docs, indexes: {system.a.docs: {}}}", "the name of an index in three parts"),
        (f"{{endpoint: docs, indexes: {{prod.a.docs: {{{INDEX.replace('8', '0')}}}}}}}", "from 1 to 4096"),
        (f"{{endpoint: docs, indexes: {{prod.a.docs: {{{INDEX.replace('8', '4097')}}}}}}}", "from 1 to 4096"),
        (f"{{endpoint: docs, indexes: {{prod.a.docs: {{{INDEX.replace('long', 'uuid')}}}}}}}", "rollpin:vectorSearch"),
    ],
)
def test_what_is_not_allowed_is_refused_with_what_is(
    good: str, refusal: Callable[[str], str], search: str, words: str
) -> None:
    assert words in refusal(with_search(good, search))
