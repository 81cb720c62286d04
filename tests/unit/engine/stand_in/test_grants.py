"""Grants and single grants: sets of privileges, and whose are left alone."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.stand_in.differences import differences
from engine.stand_in.failures import ProviderError
from engine.stand_in.resources.grants import FACTS

MODEL = "main.chatbot.chain"
HELD = f"function/{MODEL}"
USERS = {"principal": "users", "privileges": ["EXECUTE"]}
TEAM = {"principal": "team", "privileges": ["APPLY TAG", "execute"]}


def test_grants_on_a_model_are_addressed_as_grants_on_a_function(engine: Any, workspace: Any) -> None:
    grants = engine("Grants")
    grants.up(model=MODEL, grants=[USERS, TEAM])
    assert grants.id == f"model/{MODEL}"
    assert workspace.grants[HELD] == {"users": {"EXECUTE"}, "team": {"APPLY_TAG", "EXECUTE"}}


def test_neither_order_nor_spelling_of_privileges_is_a_difference(engine: Any) -> None:
    grants = engine("Grants")
    grants.up(model=MODEL, grants=[USERS, TEAM])
    grants.refresh()
    shuffled = {"principal": "TEAM", "privileges": ["EXECUTE", "apply_tag"]}
    assert grants.up(model=MODEL, grants=[shuffled, USERS]) == []


def test_grants_revoke_what_they_do_not_name(engine: Any, workspace: Any) -> None:
    grants = engine("Grants")
    grants.up(model=MODEL, grants=[USERS])
    workspace.grants[HELD]["stranger"] = {"EXECUTE"}
    grants.refresh()
    assert grants.up(model=MODEL, grants=[USERS]) == ["grants[1]"]
    assert workspace.grants[HELD]["stranger"] == set()


def test_a_grant_leaves_others_alone(engine: Any, workspace: Any) -> None:
    workspace.grants[HELD] = {"stranger": {"EXECUTE"}, "users": {"MANAGE"}}
    grant = engine("Grant")
    grant.up(model=MODEL, principal="users", privileges=["EXECUTE"])
    assert workspace.grants[HELD] == {"stranger": {"EXECUTE"}, "users": {"EXECUTE"}}
    grant.delete()
    assert workspace.grants[HELD] == {"stranger": {"EXECUTE"}, "users": set()}


def test_another_securable_replaces_grants_and_another_principal_a_grant(engine: Any) -> None:
    grants, grant = engine("Grants"), engine("Grant")
    grants.up(model=MODEL, grants=[USERS])
    grant.up(schema="main.chatbot", principal="users", privileges=["USE_SCHEMA"])
    assert grants.diff(schema="main.chatbot", grants=[USERS]).replaces == ["model", "schema"]
    assert grant.diff(schema="main.chatbot", principal="team", privileges=["USE_SCHEMA"]).replaces == ["principal"]


def test_grants_that_nobody_holds_any_more_are_made_again(engine: Any, workspace: Any) -> None:
    grants = engine("Grants")
    grants.up(model=MODEL, grants=[USERS])
    workspace.grants.clear()
    grants.refresh()
    assert grants.up(model=MODEL, grants=[USERS]) == ["created"]


@pytest.mark.parametrize(("kind", "wrong"), [("Grants", "main"), ("Grant", "model/main"), ("Grants", "cluster/x")])
def test_an_import_by_a_wrong_id_says_what_an_id_looks_like(engine: Any, kind: str, wrong: str) -> None:
    with pytest.raises(ProviderError, match=f"found the id {wrong}, expected one like model/main"):
        engine(kind).adopt(wrong)


def test_a_grant_is_imported_by_securable_and_principal(engine: Any, workspace: Any) -> None:
    workspace.grants[HELD] = {"users": {"EXECUTE"}}
    inputs = engine("Grant").adopt(f"model/{MODEL}/users")
    assert inputs == {"model": MODEL, "principal": "users", "privileges": ["EXECUTE"]}


@pytest.mark.parametrize("named", [{}, {"model": MODEL, "schema": "main.chatbot"}])
def test_exactly_one_securable_is_named(engine: Any, named: dict[str, str]) -> None:
    _, refused = engine("Grants").check(grants=[USERS], **named)
    assert len(refused) == 1
    assert "set exactly one of catalog, " in refused[0]


privileges = st.lists(st.sampled_from(["EXECUTE", "MANAGE", "APPLY_TAG"]), min_size=1, unique=True)
entries = st.dictionaries(st.sampled_from("abcd"), privileges, min_size=1).map(
    lambda held: [{"principal": who, "privileges": what} for who, what in held.items()]
)


@given(entries.flatmap(lambda grants: st.tuples(st.just(grants), st.permutations(grants))))
def test_no_order_of_entries_is_a_difference(pair: tuple[list[Any], list[Any]]) -> None:
    old, new = pair
    turned = [{**entry, "privileges": entry["privileges"][::-1]} for entry in new]
    assert differences(FACTS, {"grants": old}, {"grants": turned}) == []


@given(entries, entries)
def test_a_difference_is_found_just_where_somebody_holds_something_else(old: list[Any], new: list[Any]) -> None:
    def held(grants: list[Any]) -> dict[str, set[str]]:
        return {entry["principal"]: set(entry["privileges"]) for entry in grants}

    assert bool(differences(FACTS, {"grants": old}, {"grants": new})) == (held(old) != held(new))
