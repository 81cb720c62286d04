"""Each rule of the pack: what it lets pass, what it refuses, and what it cannot know."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

import pytest

from policy import (
    access_rules,
    azure_rules,
    endpoint_rules,
    kinds,
    naming_rules,
    production_rules,
    removal_rules,
    secret_rules,
)
from policy.circumstances import Circumstances
from policy.resource import ENCRYPTED, UNKNOWN, Removal, Resource, Untold
from policy.rule import Rule
from policy.rulebook import RULES
from tests.unit.policy.wanted import PRODUCTION, THROWN_AWAY, endpoint, entity, found, removal, resource, route

LATER = sorted(UNKNOWN)[0]
TOKEN = "dapi" + "0123456789abcdef" * 2
ACCOUNT = {"allowBlobPublicAccess": False, "minimumTlsVersion": "TLS1_2", "enableHttpsTrafficOnly": True}
NO_ADDRESS = {"enableNoPublicIp": {"value": True}}
RETIRED = [{"key": "retired", "value": "true"}]
REPLACING = replace(PRODUCTION, replaceable=frozenset({"bot"}))
TEST = replace(PRODUCTION, stack="test", production=False, elsewhere={})
VARIABLES = {"TOKEN": "{{secrets/bot/token}}", "RUN_ID": "0123456789abcdef0123456789abcdef"}
GRANTED = [{"principal": "bot-users", "privileges": ["EXECUTE"]}]
EXTERNAL = {"name": "gpt", "entityName": "gpt", "externalModel": {"provider": "openai"}, "entityVersion": None}

FORMER = {"servedModels": [{"name": "bot", "modelName": "test.serving.bot", "modelVersion": "7"}]}
ENCODED = b64encode(f"token={TOKEN}".encode()).decode()

Case = tuple[Rule, Resource | Removal, Circumstances]

HOLDS: list[Case] = [
    (endpoint_rules.version_is_pinned, endpoint(), PRODUCTION),
    (endpoint_rules.version_is_pinned, endpoint(EXTERNAL), PRODUCTION),
    (endpoint_rules.version_is_pinned, endpoint(config=FORMER), PRODUCTION),
    (endpoint_rules.routes_sum_to_100, endpoint(routes=[route(share=90), route("b", 10)]), PRODUCTION),
    (endpoint_rules.routes_lead_to_entities, endpoint(routes=[route(), {"servedEntityName": "bot-v7"}]), PRODUCTION),
    (removal_rules.nothing_kept_is_lost, removal(endpoint(tags=RETIRED)), PRODUCTION),
    (removal_rules.nothing_kept_is_lost, removal(endpoint(), "replace"), REPLACING),
    (removal_rules.nothing_kept_is_lost, removal(resource(kinds.CATALOG)), THROWN_AWAY),
    (production_rules.production_never_sleeps, endpoint(), PRODUCTION),
    (production_rules.production_never_sleeps, endpoint(EXTERNAL), PRODUCTION),
    (production_rules.production_never_sleeps, endpoint(entity(scaleToZeroEnabled=True)), TEST),
    (production_rules.production_keeps_requests, endpoint(), PRODUCTION),
    (production_rules.production_keeps_requests, endpoint(aiGateway=None), TEST),
    (production_rules.production_serves_its_own_catalog, endpoint(), PRODUCTION),
    (access_rules.groups_not_persons, resource(kinds.GRANTS, grants=GRANTED), PRODUCTION),
    (
        access_rules.not_everybody_manages,
        resource(kinds.PERMISSIONS, accessControls=[{"groupName": "users", "permissionLevel": "CAN_QUERY"}]),
        PRODUCTION,
    ),
    (access_rules.groups_not_persons, resource(kinds.ASSIGNMENT, principalType="ServicePrincipal"), PRODUCTION),
    (access_rules.groups_not_persons, resource(kinds.MODEL, owner="who-made-it@b.example"), PRODUCTION),
    (access_rules.not_everybody_manages, resource(kinds.MODEL, owner="ml-engineers"), PRODUCTION),
    (naming_rules.names_are_explicit, resource(kinds.ACCOUNT, accountName="rollpinprod"), PRODUCTION),
    (naming_rules.required_tags_are_there, endpoint(), PRODUCTION),
    (naming_rules.required_tags_are_there, resource(kinds.GROUP, tags={"environment": "prod"}), PRODUCTION),
    (naming_rules.required_tags_are_there, endpoint(tags=[]), THROWN_AWAY),
    (azure_rules.workspace_is_premium, resource(kinds.WORKSPACE, sku={"name": "premium"}), PRODUCTION),
    (azure_rules.no_public_address, resource(kinds.WORKSPACE, parameters=NO_ADDRESS), PRODUCTION),
    (azure_rules.no_public_address, resource(kinds.WORKSPACE, computeMode="Serverless"), PRODUCTION),
    (azure_rules.no_public_address, resource(kinds.INTERFACE, ipConfigurations=[{"name": "a"}]), PRODUCTION),
    (azure_rules.no_public_storage, resource(kinds.ACCOUNT, **ACCOUNT), PRODUCTION),
    (azure_rules.no_public_storage, resource(kinds.CONTAINER, publicAccess="None"), PRODUCTION),
    (azure_rules.storage_speaks_tls_1_2, resource(kinds.ACCOUNT, **ACCOUNT), PRODUCTION),
    (
        azure_rules.vault_cannot_be_purged,
        resource(kinds.VAULT, properties={"enablePurgeProtection": True}),
        PRODUCTION,
    ),
    (secret_rules.no_secret_in_plain_text, endpoint(entity(environmentVars=VARIABLES)), PRODUCTION),
    (secret_rules.no_secret_in_plain_text, endpoint(entity(environmentVars={"TOKEN": ENCRYPTED})), PRODUCTION),
]
REFUSED: list[tuple[Rule, Resource | Removal, str]] = [
    (endpoint_rules.version_is_pinned, endpoint(entity(entityVersion="latest")), "of version `latest`"),
    (endpoint_rules.version_is_pinned, endpoint(entity(entityVersion=None)), "of version `none`"),
    (endpoint_rules.version_is_pinned, endpoint(entity(entityVersion="0")), "of version `0`"),
    (endpoint_rules.routes_sum_to_100, endpoint(routes=[route(share=90)]), "the routes get 90 %"),
    (endpoint_rules.routes_lead_to_entities, endpoint(routes=[route("bot-v9")]), "leads to `bot-v9`; there is bot-v7"),
    (removal_rules.nothing_kept_is_lost, removal(endpoint()), "it is deleted"),
    (removal_rules.nothing_kept_is_lost, removal(endpoint(), "replace"), "it is replaced"),
    (removal_rules.nothing_kept_is_lost, removal(resource(kinds.WORKSPACE)), "it is deleted"),
    (production_rules.production_never_sleeps, endpoint(entity(scaleToZeroEnabled=True)), "bot-v7 scales to zero"),
    (production_rules.production_keeps_requests, endpoint(aiGateway=None), "it has no inference table"),
    (
        production_rules.production_serves_its_own_catalog,
        endpoint(entity(entityName="test.serving.bot")),
        "test.serving.bot, in the catalog of stack test",
    ),
    (
        production_rules.production_serves_its_own_catalog,
        endpoint(config=FORMER),
        "test.serving.bot, in the catalog of stack test",
    ),
    (
        access_rules.groups_not_persons,
        resource(kinds.PERMISSIONS, accessControls=[{"userName": "a@b.example", "permissionLevel": "CAN_QUERY"}]),
        "accessControls[0].userName is a person, a@b.example",
    ),
    (access_rules.groups_not_persons, resource(kinds.GRANT, principal="a@b.example"), "principal is a person"),
    (
        access_rules.not_everybody_manages,
        resource(kinds.PERMISSIONS, accessControls=[{"groupName": "users", "permissionLevel": "CAN_MANAGE"}]),
        "CAN_MANAGE is given to `users`",
    ),
    (
        access_rules.not_everybody_manages,
        resource(kinds.GRANT, principal="account users", privileges=["ALL_PRIVILEGES"]),
        "ALL_PRIVILEGES is given to `account users`",
    ),
    (access_rules.groups_not_persons, resource(kinds.MODEL, owner="a@b.example"), "owner is a person"),
    (access_rules.groups_not_persons, resource(kinds.ASSIGNMENT, principalType="User"), "the role is a person's"),
    (
        access_rules.not_everybody_manages,
        resource(kinds.GRANTS, grants=[{"principal": "Account Users", "privileges": ["all privileges"]}]),
        "all privileges is given to `Account Users`",
    ),
    (
        access_rules.not_everybody_manages,
        resource(kinds.CATALOG, owner="account users"),
        "ownership is given to `account users`",
    ),
    (naming_rules.names_are_explicit, resource(kinds.WORKSPACE), "`workspaceName` is not set"),
    (naming_rules.required_tags_are_there, endpoint(tags=[]), "it lacks the tag environment"),
    (naming_rules.required_tags_are_there, resource(kinds.ACCOUNT), "it lacks the tag environment"),
    (azure_rules.workspace_is_premium, resource(kinds.WORKSPACE, sku={"name": "standard"}), "its SKU is `standard`"),
    (azure_rules.no_public_address, resource(kinds.WORKSPACE), "its nodes have public addresses"),
    (
        azure_rules.no_public_address,
        resource(kinds.INTERFACE, ipConfigurations=[{"publicIPAddress": {"id": "x"}}]),
        "ipConfigurations[0] has a public address",
    ),
    (azure_rules.no_public_storage, resource(kinds.ACCOUNT), "public access to its blobs is not switched off"),
    (azure_rules.no_public_storage, resource(kinds.CONTAINER, publicAccess="Blob"), "access is `Blob`"),
    (azure_rules.storage_speaks_tls_1_2, resource(kinds.ACCOUNT), "it takes TLS from `not said` on"),
    (azure_rules.vault_cannot_be_purged, resource(kinds.VAULT, properties={}), "it can be purged"),
    (secret_rules.no_secret_in_plain_text, endpoint(comment=f"token {TOKEN}"), "comment looks like a Databricks token"),
    (secret_rules.no_secret_in_plain_text, endpoint(comment=f"basic {ENCODED}"), "comment looks like a Databricks"),
    (
        secret_rules.no_secret_in_plain_text,
        resource(kinds.GROUP, tags={"a": ["x", {"b": TOKEN}]}),
        "tags.a[1].b looks like a Databricks token",
    ),
    (
        secret_rules.no_secret_in_plain_text,
        resource(kinds.GROUP, tags={TOKEN: TOKEN}),
        "tags.… looks like a Databricks token",
    ),
    (
        secret_rules.no_secret_in_plain_text,
        endpoint(entity(environmentVars={"PASSWORD": "swordfish"})),
        "environmentVars.PASSWORD looks like a text in a variable that is called like a credential",
    ),
]
NOT_TOLD: list[tuple[Rule, Resource, str]] = [
    (endpoint_rules.version_is_pinned, endpoint(config=LATER), "config"),
    (endpoint_rules.version_is_pinned, endpoint(entity(entityVersion=LATER)), "config.servedEntities[0].entityVersion"),
    (endpoint_rules.routes_sum_to_100, endpoint(routes=[route(share=LATER)]), "config.trafficConfig.routes[0]"),
    (production_rules.production_keeps_requests, endpoint(aiGateway=LATER), "aiGateway"),
    (endpoint_rules.routes_lead_to_entities, endpoint(entity(name=None)), "config.servedEntities[0].name"),
    (access_rules.groups_not_persons, resource(kinds.GRANTS, grants=ENCRYPTED), "grants"),
    (access_rules.not_everybody_manages, resource(kinds.MODEL, owner=LATER), "owner"),
    (azure_rules.no_public_address, resource(kinds.INTERFACE, ipConfigurations=LATER), "ipConfigurations"),
    (naming_rules.names_are_explicit, resource(kinds.CATALOG, name=LATER), "name"),
    (naming_rules.required_tags_are_there, resource(kinds.GROUP, tags=LATER), "tags"),
    (azure_rules.workspace_is_premium, resource(kinds.WORKSPACE, sku=LATER), "sku"),
    (secret_rules.no_secret_in_plain_text, endpoint(comment="[not shown]"), "comment"),
]


@pytest.mark.parametrize(("rule", "thing", "stack"), HOLDS)
def test_a_rule_lets_pass_what_holds(rule: Rule, thing: Resource | Removal, stack: Circumstances) -> None:
    assert found(rule, thing, stack) == []


@pytest.mark.parametrize(("rule", "thing", "words"), REFUSED)
def test_a_rule_says_what_speaks_against_a_thing(rule: Rule, thing: Resource | Removal, words: str) -> None:
    assert any(words in str(each) for each in found(rule, thing)), found(rule, thing)
    assert not any(TOKEN in str(each) or "swordfish" in str(each) for each in found(rule, thing))


@pytest.mark.parametrize(("rule", "thing", "path"), NOT_TOLD)
def test_a_rule_that_cannot_know_says_so(rule: Rule, thing: Resource, path: str) -> None:
    (answer,) = found(rule, thing)
    assert isinstance(answer, Untold)
    assert answer.path.startswith(path)


def test_each_rule_is_shown_to_pass_and_to_refuse() -> None:
    assert {case[0].name for case in HOLDS} == {case[0].name for case in REFUSED} == {rule.name for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_rule_says_in_few_words_why_and_what_to_do(rule: Rule) -> None:
    assert 40 <= len(rule.sentence) <= 330
    assert rule.sentence.endswith(".")
    assert ":" in rule.sentence
