"""Tags are refused as Unity Catalog refuses them."""

import pytest

from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.registry.tag_rules import check_tags


@pytest.mark.parametrize("key", ["a.b", "a,b", "a-b", "a=b", "a/b", "a:b", "", " a", "a ", "x" * 256])
def test_a_key_that_unity_catalog_does_not_take_is_refused(key: str) -> None:
    with pytest.raises(ApiError) as refused:
        check_tags({}, {key: "value"})
    assert (refused.value.status, refused.value.code) == (400, "INVALID_PARAMETER_VALUE")


@pytest.mark.parametrize("value", ["x" * 1001, " a", "a\n"])
def test_a_value_that_it_does_not_take_is_refused(value: str) -> None:
    with pytest.raises(ApiError, match="Tag 'key' has a value"):
        check_tags({}, {"key": value})


def test_an_object_has_at_most_fifty_tags_and_one_of_them_may_be_changed() -> None:
    held = {f"k{n}": "" for n in range(50)}
    check_tags(held, {"k7": "changed"})
    with pytest.raises(ApiError, match="at most 50"):
        check_tags(held, {"one_more": ""})


def test_what_it_takes_is_taken() -> None:
    check_tags({}, {"rollpin_source_stack": "test: a/b.c", "ü": "1 2", "a b": ""})
