"""Secret scopes in a stack file: what they may say, and what is told where they say something else."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from infra.access import access_lists
from infra.settings import value_rules
from infra.settings.schema import Settings
from infra.settings.secret_scope import ScopeAccess
from model_ops.secret_reference import NAME
from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.secret_scopes.scope_records import check_name

GROUP = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-helpdesk"
SCOPES = f"""\
  rollpin:secretScopes:
    helpdesk:
      keyVault: {VAULT}
      adopt: true
      access: {{read: [chatbot-serving], manage: [secret-keepers]}}
    plain: {{}}
"""
SCOPE = "rollpin:secretScopes.helpdesk"
BAD = [
    # (what is in the file, what is written instead, the key, what was found, the mend)
    ("secretScopes:", "secretScope:", "rollpin:secretScope", "a key that nothing", "write `rollpin:secretScopes:`"),
    ("    helpdesk:", "    help desk:", "rollpin:secretScopes.help desk", "the name `help desk`", "`help-desk:`"),
    ("    plain: {}", "    plain:", "rollpin:secretScopes.plain", "nothing", "write a value, as in `{access:"),
    ("    plain: {}", "    plain: 7", "rollpin:secretScopes.plain", "`7`", "{access: {read: [chatbot-serving]}}"),
    ("      keyVault:", "      keyvault:", f"{SCOPE}.keyvault", "a key that nothing", "write `keyVault:` instead"),
    ("kv-helpdesk", "kv", f"{SCOPE}.keyVault", "`/subscriptions/", "vaults/kv-helpdesk"),
    ("kv-helpdesk", "kv-helpdesk/", f"{SCOPE}.keyVault", "`/subscriptions/", "vaults/kv-helpdesk` instead of"),
    (VAULT, "kv-helpdesk", f"{SCOPE}.keyVault", "`kv-helpdesk`", "as in `keyVault: /subscriptions/"),
    (VAULT, "7", f"{SCOPE}.keyVault", "`7`", "as in `keyVault: /subscriptions/"),
    (f" {VAULT}", "", f"{SCOPE}.keyVault", "nothing", "or remove the key `keyVault`"),
    ("adopt: true", "adopt: yes", f"{SCOPE}.adopt", "`yes`", "write `true` instead of `yes`"),
    ("{read:", "{raed:", f"{SCOPE}.access.raed", "a key that nothing", "write `read:` instead of `raed:`"),
    ("{read:", "{query:", f"{SCOPE}.access.query", "a key that nothing", "remove the key `query`"),
    ("[chatbot-serving]", "chatbot-serving", f"{SCOPE}.access.read", "`chatbot-serving`", "write `[chatbot-serving]`"),
    ("[chatbot-serving]", "[7]", f"{SCOPE}.access.read[0]", "`7`", 'write `"7"` instead of `7`'),
    ("[chatbot-serving]", "[admins]", f"{SCOPE}.access.read[0]", "`admins`", "as in `chatbot-serving`"),
    ("[chatbot-serving]", "[a, A]", f"{SCOPE}.access.read", "`a`, 2 times", "write `a` once"),
    ("[secret-keepers]", "[b, b]", f"{SCOPE}.access.manage", "`b`, 2 times", "write `b` once"),
    ("{read:", "{write:", f"{SCOPE}.access.write", "`write` on a scope whose secrets", "remove the key `write`"),
    ("    plain:", "    HelpDesk:", "rollpin:secretScopes.HelpDesk", "`HelpDesk`, beside `helpdesk`", "remove the key"),
    ("    plain: {}", "    plain: {token: x}", "rollpin:secretScopes.plain.token", "a key that nothing", "remove"),
]


@pytest.mark.parametrize(("old", "new", "key", "found", "mend"), BAD, ids=[f"{case[2]} {case[1]}" for case in BAD])
def test_a_mistake_is_told_with_its_key_its_value_and_its_mend(
    good: str, refusal: Callable[[str], str], old: str, new: str, key: str, found: str, mend: str
) -> None:
    assert SCOPES.replace(old, new, 1) != SCOPES

    message = refusal(good + SCOPES.replace(old, new, 1))

    assert message.startswith("Pulumi.test.yaml has 1 mistake.")
    for part in (f"  {key}\n", f"found:   {found}" if found.startswith("a key") else found, "allowed:", mend):
        assert part in message


def test_a_value_that_was_set_as_a_secret_is_refused_and_not_shown(good: str, refusal: Callable[[str], str]) -> None:
    message = refusal(good + SCOPES.replace("    plain: {}", "    plain:\n      keyVault: {secure: v1:hidden}"))

    assert "plain text: no setting takes a secret; models read theirs from a secret scope" in message
    assert "hidden" not in message


def test_scopes_are_read_and_are_none_where_none_is_given(good: str, read: Callable[[str], Settings]) -> None:
    found = read(good + SCOPES).secret_scopes

    assert read(good).secret_scopes == {}
    assert (found["helpdesk"].key_vault, found["helpdesk"].adopt) == (VAULT, True)
    assert found["helpdesk"].access == ScopeAccess(read=("chatbot-serving",), manage=("secret-keepers",))
    assert (found["plain"].key_vault, found["plain"].adopt, found["plain"].access) == (None, False, ScopeAccess())


def test_who_manages_may_write_and_who_writes_may_read() -> None:
    lists = ScopeAccess(read=("a", "b", "c"), write=("b", "c"), manage=("c",))

    assert access_lists.on_scope(lists) == {"a": "READ", "b": "WRITE", "c": "MANAGE"}
    assert access_lists.on_scope(ScopeAccess()) == {}


@pytest.mark.parametrize(
    ("name", "good"),
    [
        *(("helpdesk", True), ("Help_desk-7.a@b", True), ("a" * 128, True)),
        *(("", False), ("a" * 129, False), ("help desk", False), ("a/b", False), ("é", False), ("a\n", False)),
    ],
)
def test_a_scopes_name_is_taken_here_as_by_the_sandbox_and_in_a_reference(name: str, good: bool) -> None:
    try:
        check_name("scope", name)
        taken = True
    except ApiError:
        taken = False

    assert taken == good
    assert (re.fullmatch(NAME, name) is not None) == good
    assert (re.fullmatch(value_rules.SCOPE.pattern, name) is not None) == good
