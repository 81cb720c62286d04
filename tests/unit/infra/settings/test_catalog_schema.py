"""The settings of a platform stack's catalogs: what is read, and what is refused with words that mend it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from infra.settings.schema import Settings

Read = Callable[[str], Settings]
Refusal = Callable[[str], str]
DEPLOYER = "33333333-4444-5555-6666-777777777777"


def stack(catalog: str, *lines: str) -> str:
    """A stack with one catalog, and what else is given."""
    more = "".join(f"  {line}\n" for line in (lines or ("rollpin:models: {}",)))
    return f"config:\n{more}  rollpin:catalogs:\n    prod: {catalog}\n"


def with_access(access: str) -> str:
    return stack(f"{{schemas: {{chatbot: {{access: {access}}}}}}}")


def test_what_is_left_out_has_its_default(read: Read) -> None:
    catalog = read(stack("{schemas: {chatbot: {}}}")).catalogs["prod"]

    assert (catalog.adopt, catalog.isolated, catalog.storage_root) == (False, None, None)
    assert (catalog.principals, catalog.schemas["chatbot"].volumes) == (frozenset(), ())
    assert dict(read("config:\n  rollpin:models: {}\n").catalogs) == {}


def test_everybody_who_has_a_role_is_known(read: Read) -> None:
    access = f"{{read: [analysts], execute: [serving], manage: [engineers, analysts], deploy: [{DEPLOYER}]}}"

    assert read(with_access(access)).catalogs["prod"].principals == {"analysts", "serving", "engineers", DEPLOYER}


@pytest.mark.parametrize("role", ["read", "execute", "manage", "deploy"])
def test_no_role_is_a_person_s(refusal: Refusal, role: str) -> None:
    message = refusal(with_access(f"{{{role}: [jo@example.com]}}"))

    assert f"rollpin:catalogs.prod.schemas.chatbot.access.{role}[0]\n     found:   `jo@example.com`" in message
    assert "allowed: the name of a group that exists, or a service principal's application id; no person" in message


@pytest.mark.parametrize(
    ("catalog", "words"),
    [
        ("{schemas: {chatbot: {volume: [x]}}}", "write `volumes:` instead of `volume:`"),
        ("{schemas: {Chatbot: {}}}", "`chatbot:`"),
        ("{schemas: {chatbot: {volumes: [My Docs]}}}", "write `my_docs`"),
        ("{schemas: {chatbot: {volumes: [docs, docs]}}}", "`docs`, 2 times"),
        ("{schemas: {chatbot: {access: {read: [a, A]}}}}", "each of them once"),
        ("{isolated: workspace}", "`true` or `false`"),
        ("{storageRoot: /mnt/models}", "an address in an external location that exists"),
        ("{storageRoot: 'abfss://models@acmelake.dfs.core.windows.net/prod/'}", "core.windows.net/prod` instead"),
    ],
)
def test_what_is_not_allowed_is_refused_with_what_is(refusal: Refusal, catalog: str, words: str) -> None:
    assert words in refusal(stack(catalog))


def test_a_stack_that_makes_catalogs_for_others_serves_nothing(refusal: Refusal) -> None:
    message = refusal(stack("{}", "rollpin:models:", "  chatbot: {catalog: prod, schema: chatbot}"))

    assert "rollpin:catalogs\n     found:   `catalogs`, beside the model chatbot" in message
    assert "stacks that serve say `createCatalog: false` and `createSchema: false`" in message
    assert "write `rollpin:models: {}`, and the models into a stack of their own; or remove the key" in message


def test_it_has_no_vector_search_either(refusal: Refusal) -> None:
    message = refusal(stack("{}", "rollpin:models: {}", "rollpin:vectorSearch: {endpoint: docs}"))

    assert "found:   `catalogs`, beside `vectorSearch`" in message
