from __future__ import annotations

from dataclasses import replace

from sandbox.workspace.identity.permission_records import Guarded, direct, drop_permissions, drop_permitted, move, write
from sandbox.workspace.stores.documents import Documents

BOT = Guarded(object_type="registered-models", object_id="a.b.bot", made_at=1)
FIRST = [{"user_name": "admin@sandbox.local", "permission_level": "CAN_MANAGE"}]
READ = {"group_name": "readers", "permission_level": "CAN_READ"}
EDIT = {"group_name": "editors", "permission_level": "CAN_EDIT"}


def test_an_object_is_its_creators_until_permissions_are_set(documents: Documents) -> None:
    assert direct(documents, BOT) == FIRST
    write(documents, BOT, [READ])
    assert direct(documents, BOT) == [READ]
    drop_permissions(documents, BOT.object_type, BOT.object_id)
    assert direct(documents, BOT) == FIRST


def test_permissions_of_an_object_that_is_gone_do_not_pass_to_the_next_of_its_name(documents: Documents) -> None:
    write(documents, BOT, [READ])
    assert direct(documents, replace(BOT, made_at=2)) == FIRST


def test_permissions_go_with_an_object_that_is_renamed(documents: Documents) -> None:
    write(documents, BOT, [READ])
    move(documents, BOT, "a.b.new")
    assert direct(documents, replace(BOT, object_id="a.b.new")) == [READ]
    assert direct(documents, BOT) == FIRST


def test_a_principal_that_is_gone_is_permitted_nothing(documents: Documents) -> None:
    write(documents, BOT, [READ, EDIT])
    drop_permitted(documents, "readers")
    assert direct(documents, BOT) == [EDIT]
    assert direct(documents, replace(BOT, made_at=2)) == FIRST
