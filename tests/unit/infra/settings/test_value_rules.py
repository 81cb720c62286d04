"""Names that a stack file may use are names that the sandbox takes: what is refused is refused before the up."""

from __future__ import annotations

import re

import pytest

from infra import naming
from infra.settings import value_rules
from infra.settings.value_rules import Rule
from sandbox.serving import config_body
from sandbox.serving.errors import ApiError as ServingError
from sandbox.workspace.api import securable_names
from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.endpoints import config_rules

ENDPOINTS = [
    *(("chatbot", True), ("Chat_bot-7", True), ("7", True), ("a" * 63, True)),
    *(("-chatbot", False), ("_chatbot", False), ("", False), ("a" * 64, False), ("chat.bot", False), ("é", False)),
]
MODELS = [
    *(("chatbot", True), ("chat_bot-7", True), ("7", True), ("a" * 55, True)),
    *(("-chatbot", False), ("_chatbot", False), ("", False), ("a" * 56, False), ("chat.bot", False), ("é", False)),
]
OBJECTS = [
    *(("prod", True), ("_prod-7", True), ("é", True), ("a" * 255, True), ("pro+d", True), ("a?b#c", True)),
    *((f"pro{sign}d", False) for sign in "'\"`:%\\/. \t\n\x00\x7f\xa0\u2003\ud800"),
    *(("", False), ("a" * 256, False)),
]


def takes(rule: Rule, name: str) -> bool:
    return re.fullmatch(rule.pattern, name) is not None


def sandbox_takes(name: str) -> bool:
    """Whether both halves of the sandbox take a name of an endpoint or a served entity."""
    try:
        config_rules.check_endpoint_name(name)
        config_body.checked_name("Endpoint", name)
    except (ApiError, ServingError):
        return False
    return True


@pytest.mark.parametrize(("name", "good"), ENDPOINTS)
def test_an_endpoints_name_is_taken_here_as_by_the_sandbox(name: str, good: bool) -> None:
    assert takes(value_rules.ENDPOINT, name) == sandbox_takes(name) == good


@pytest.mark.parametrize(("name", "good"), MODELS)
def test_a_models_name_makes_a_served_entitys_that_the_sandbox_takes(name: str, good: bool) -> None:
    assert takes(value_rules.MODEL, name) == good
    assert not good or sandbox_takes(naming.served_entity(name, 999_999))


@pytest.mark.parametrize("rule", [value_rules.CATALOG, value_rules.SCHEMA])
@pytest.mark.parametrize(("name", "good"), OBJECTS)
def test_a_catalogs_and_a_schemas_name_is_taken_here_as_by_the_sandbox(rule: Rule, name: str, good: bool) -> None:
    assert takes(rule, name) == securable_names.valid(name) == good


@pytest.mark.parametrize(
    ("rule", "name", "repaired"),
    [
        (value_rules.ENDPOINT, "_chat bot-", "chat-bot"),
        (value_rules.MODEL, "-Chat.bot", "chat_bot"),
        (value_rules.CATALOG, "it's:Prod", "it_s_prod"),
    ],
)
def test_a_name_that_is_refused_comes_with_one_that_is_taken(rule: Rule, name: str, repaired: str) -> None:
    assert rule.repair(name) == repaired
    assert takes(rule, repaired)
