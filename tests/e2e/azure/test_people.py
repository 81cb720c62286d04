"""Who gets into the workspace of a platform that a stack creates, and by whose word, on the real engine."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.azure.created_stack import Cloud
from tests.e2e.azure.platform_stack import SERVERLESS, PlatformStack

APPLICATION = "77777777-7777-7777-7777-777777777777"
GROUP = "66666666-7777-8888-9999-000000000000"
SUBJECT = "repo:acme/assistants:environment:"


def test_identities_and_groups_come_change_and_go_with_the_workspace_and_stay_in_the_account(
    tmp_path: Path, cloud: Cloud, metastore: str
) -> None:
    people, stack = cloud.account.people, PlatformStack("crew", tmp_path, cloud, metastore, SERVERLESS)
    known = people.call("POST", "scim/v2/ServicePrincipals", {}, {"applicationId": APPLICATION})["id"]

    def say(environment: str, *, admin: bool) -> None:
        identity = {"applicationId": APPLICATION, "subject": f"{SUBJECT}{environment}"}
        groups = {"crew-askers": {"objectId": GROUP, "admin": admin}}
        stack.say(protect=False, identities={"rollpin-crew": identity}, groups=groups)

    say("crew", admin=False)
    first = stack.run("up")
    assert (first.errors, first.changes["create"]) == ("", 24 + 5)
    assert people.principals[known]["displayName"] == "rollpin-crew"
    group = next(number for number, each in people.principals.items() if each.get("externalId") == GROUP)
    assert people.assigned == {known: ["USER"], group: ["USER"]}
    assert [stack.run(operation).changes for operation in ("preview", "refresh", "up")] == [{}, {}, {}]

    say("other", admin=True)
    assert stack.run("up").changes == {"update": 2}
    assert people.assigned[group] == ["ADMIN"]
    ((_, trust),) = [(key, each) for key, each in people.trusts.items() if key[0] == known]
    assert trust["oidc_policy"]["subject"] == f"{SUBJECT}other"

    people.assigned[known] = ["ADMIN"]  # by hand
    assert stack.run("up").changes == {"refresh": 1, "update": 1}
    assert people.assigned[known] == ["USER"]

    assert stack.run("destroy").errors == ""
    assert people.principals.keys() >= {known, group}
    assert (people.assigned, people.trusts) == ({}, {})
