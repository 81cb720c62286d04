from __future__ import annotations

import pytest

from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.identity.grant_records import (
    PRIVILEGES,
    assign,
    assignments,
    drop_grantee,
    drop_grants,
    normalise,
)
from sandbox.workspace.stores.documents import Documents


def test_privileges_are_taken_in_any_spelling() -> None:
    assert normalise(["use catalog", "CREATE_SCHEMA"], "catalog", "prod") == {"USE_CATALOG", "CREATE_SCHEMA"}


@pytest.mark.parametrize(
    ("kind", "privilege"), [("catalog", "READ_FILES"), ("schema", "USE_CATALOG"), ("function", "USE_SCHEMA")]
)
def test_a_privilege_that_the_type_does_not_have_is_refused(kind: str, privilege: str) -> None:
    with pytest.raises(ApiError, match=f"Privilege {privilege} is not applicable to this entity"):
        normalise([privilege], kind, "x")


def test_a_model_has_the_privileges_that_databricks_gives_it() -> None:
    assert PRIVILEGES["function"] == {"EXECUTE", "APPLY_TAG", "MANAGE", "ALL_PRIVILEGES"}


def test_assignments_of_an_object_that_is_gone_do_not_pass_to_the_next_of_its_name(documents: Documents) -> None:
    assign(documents, "function", "a.b.c", 1, {"group": {"EXECUTE"}, "nobody": set()})
    assert assignments(documents, "function", "a.b.c", 1) == {"group": ["EXECUTE"]}
    assert assignments(documents, "function", "a.b.c", 2) == {}
    drop_grants(documents, "function", "a.b.c")
    assert assignments(documents, "function", "a.b.c", 1) == {}


def test_a_principal_that_is_gone_holds_nothing(documents: Documents) -> None:
    assign(documents, "catalog", "prod", 1, {"a": {"USE_CATALOG"}, "b": {"USE_CATALOG"}})
    drop_grantee(documents, "a")
    assert assignments(documents, "catalog", "prod", 1) == {"b": ["USE_CATALOG"]}
