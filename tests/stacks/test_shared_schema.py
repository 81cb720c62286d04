"""A stack in a catalog and a schema that others use too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.stacks.recorded import Stack

FIXTURES = Path(__file__).parent / "projects"
Run = Callable[..., Stack]


def test_a_shared_schema_gets_a_grant_for_each_principal_and_nothing_authoritative(run: Run) -> None:
    made = run("old", project=FIXTURES, host="https://adb-1.1.azuredatabricks.net/")

    assert not made.of("Catalog")
    assert not made.of("Schema")
    assert [each.inputs for each in made.of("Grants")] == [
        {
            "model": "old.shared.chatbot",
            "grants": [
                {"principal": "askers", "privileges": ["EXECUTE"]},
                {"principal": "serving", "privileges": ["EXECUTE"]},
            ],
        }
    ]
    assert {
        (each.inputs.get("catalog") or each.inputs["schema"], each.inputs["principal"]) for each in made.of("Grant")
    } == {
        ("old", "askers"),
        ("old", "serving"),
        ("old.shared", "askers"),
        ("old.shared", "serving"),
    }
    assert made.outputs["workspace_url"] == "https://adb-1.1.azuredatabricks.net"
