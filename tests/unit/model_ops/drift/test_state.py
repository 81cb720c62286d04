"""What is read of an engine's state: what belongs to whom, and nothing that it keeps encrypted."""

from __future__ import annotations

from model_ops.drift.state import HIDDEN, SIGNATURE, parse

URN = "urn:pulumi:prod::rollpin::"
STACK = {"urn": f"{URN}pulumi:pulumi:Stack::rollpin-prod", "type": "pulumi:pulumi:Stack"}
COMPONENT = {"urn": f"{URN}rollpin:index:ServingEndpoint::bot", "type": "rollpin:index:ServingEndpoint"}


def resource(**more: object) -> dict[str, object]:
    kind = "databricks:index/modelServing:ModelServing"
    given = {"urn": f"{URN}{kind}::bot-endpoint", "type": kind, "id": "bot", "parent": COMPONENT["urn"]}
    return {**given, **more}


def exported(*resources: dict[str, object], pending: object = None) -> dict[str, object]:
    return {"deployment": {"resources": [STACK, COMPONENT, *resources], "pending_operations": pending}}


def test_a_resource_belongs_to_the_entry_that_its_component_is_named_for() -> None:
    (found,) = parse(exported(resource())).resources

    assert (found.type, found.name, found.id, found.model) == ("ModelServing", "bot-endpoint", "bot", "bot")


def test_what_the_engine_keeps_encrypted_is_hidden_and_its_own_notes_are_left_out() -> None:
    secret = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:c2VjcmV0"}
    (found,) = parse(exported(resource(inputs={"__defaults": [], "tags": [{"key": "a", "value": secret}]}))).resources

    assert found.inputs == {"tags": [{"key": "a", "value": HIDDEN}]}
    assert "c2VjcmV0" not in repr(found)


def test_what_is_only_read_or_about_to_go_is_no_part_of_it() -> None:
    found = parse(exported(resource(external=True), resource(delete=True), resource(id="")))

    assert found.resources == ()


def test_what_the_engine_is_at_is_told() -> None:
    found = parse(exported(pending=[{"type": "updating", "resource": resource()}]))

    assert found.pending == ("updating bot-endpoint",)


def test_a_stack_that_was_destroyed_has_nothing() -> None:
    assert parse({"deployment": None}).resources == ()
