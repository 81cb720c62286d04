"""A catalog, schema, model and experiment that the stack made, and is told only to use: let go, then forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from databricks.sdk import WorkspaceClient

from tests.e2e.engine.local_stack.deployed_stack import Rehearsal

FULL_NAME = "vault.books.ledger"
OWN = "createCatalog: true"
USED = "createCatalog: false, createSchema: false, createModel: false"
LET_GO = (
    "catalog vault",
    "experiment /Shared/rollpin-local-ledger",
    "registered model vault.books.ledger",
    "schema vault.books",
)


@pytest.fixture
def client(rehearsal: Rehearsal) -> WorkspaceClient:
    return WorkspaceClient(host=rehearsal.home.url, token=rehearsal.home.token, auth_type="pat")


@pytest.fixture
def ledger(rehearsal: Rehearsal, client: WorkspaceClient) -> Iterator[Callable[[str], None]]:
    """Write the model's entry with these settings as the first one; in the end there is neither entry nor catalog."""
    before = rehearsal.file.read_text()

    def write(settings: str) -> None:
        entry = f"    ledger: {{catalog: vault, schema: books, {settings}, access: {{execute: [chatbot-serving]}}}}\n"
        rehearsal.file.write_text(before.replace("  rollpin:models:\n", f"  rollpin:models:\n{entry}", 1))

    yield write
    rehearsal.file.write_text(before)
    assert rehearsal.stack.run("up").error is None
    client.registered_models.delete(FULL_NAME)
    client.catalogs.delete("vault", force=True)


def test_what_is_used_only_from_now_on_stays_with_who_may_use_it(
    rehearsal: Rehearsal, client: WorkspaceClient, ledger: Callable[[str], None]
) -> None:
    ledger(OWN)
    assert rehearsal.stack.run("up").error is None
    ledger(USED)

    let_go = rehearsal.stack.run("up")
    unfinished = rehearsal.stack.target().unfinished
    forgotten = rehearsal.stack.run("up")
    again = rehearsal.stack.run("preview")

    assert let_go.error is None
    assert set(let_go.changes) == {"same"}
    assert unfinished == (f"forgets {', '.join(LET_GO)}",)
    assert forgotten.error is None
    assert forgotten.changes["forget"] == 7  # the four, and the grants on three of them
    assert not {"delete", "update", "replace"} & set(forgotten.changes)
    assert set(again.changes) == {"same"}
    assert rehearsal.stack.target().unfinished == ()
    assert client.registered_models.get(FULL_NAME).full_name == FULL_NAME
    assert client.experiments.get_by_name("/Shared/rollpin-local-ledger").experiment is not None
    for securable, name, privilege in [
        ("catalog", "vault", "USE_CATALOG"),
        ("schema", "vault.books", "USE_SCHEMA"),
        ("function", FULL_NAME, "EXECUTE"),
    ]:
        held = client.grants.get(securable, name).privilege_assignments or []
        assert [(each.principal, [str(p.value) for p in each.privileges or []]) for each in held] == [
            ("chatbot-serving", [privilege])
        ]
