"""What needs no serving, on the real engine: drift, order, import, secrets, refusals, and what is left behind."""

from __future__ import annotations

from collections.abc import Callable

import pulumi
import pulumi_databricks as databricks
import pytest
from databricks.sdk.errors import NotFound
from databricks.sdk.service.catalog import PermissionsChange, Privilege, WorkspaceBinding

from tests.e2e.engine.stand_in.conftest import Taught
from tests.e2e.engine.stand_in.driven_stack import DrivenStack

USERS = {"principal": "account users", "privileges": ["EXECUTE", "APPLY_TAG"]}


def program(name: str, comment: str | None = "made here") -> Callable[[], None]:
    """A catalog with a schema, a model and its grants, and an experiment with its permissions."""

    def declare() -> None:
        catalog = databricks.Catalog("catalog", name=name, comment=comment, force_destroy=True)
        schema = databricks.Schema("schema", name="bot", catalog_name=catalog.name)
        model = databricks.RegisteredModel("model", name="chain", catalog_name=catalog.name, schema_name=schema.name)
        databricks.Grants("grants", model=model.id, grants=[USERS])
        experiment = databricks.MlflowExperiment("experiment", name=f"/Shared/{name}")
        readers = [{"group_name": "users", "permission_level": "CAN_READ"}]
        databricks.Permissions("permissions", experiment_id=experiment.id, access_controls=readers)

    return declare


def test_a_stack_comes_up_stays_as_it_is_and_goes(stack: DrivenStack, taught: Taught) -> None:
    stack.program = program("comes")
    assert stack.run("preview").changes == {"create": 6}
    assert stack.run("up").changes == {"create": 6}
    assert stack.run("up").changes == {}
    assert stack.run("refresh").changes == {}
    assert taught.client.registered_models.get("comes.bot.chain").name == "chain"
    assert stack.run("destroy").changes == {"delete": 6}
    with pytest.raises(NotFound):
        taught.client.catalogs.get("comes")


def test_drift_is_shown_by_a_preview_and_put_right_by_an_up(stack: DrivenStack, taught: Taught) -> None:
    stack.program = program("drifts")
    stack.run("up")
    taught.client.catalogs.update("drifts", comment="changed behind its back")
    taught.client.schemas.update("drifts.bot", comment="stray")
    change = PermissionsChange(principal="account users", add=[Privilege.MANAGE])
    taught.client.grants.update("function", "drifts.bot.chain", changes=[change])
    planned = stack.run("preview")
    shown = {"catalog": ["comment"], "schema": ["comment"], "grants": ["grants[0].privileges[2]"]}
    assert planned.paths("refresh") == planned.paths("update") == shown
    assert stack.run("up").changes == {"refresh": 3, "update": 3}
    assert taught.client.catalogs.get("drifts").comment == "made here"
    assert not taught.client.schemas.get("drifts.bot").comment
    assert stack.run("up").changes == {}


def test_what_is_gone_is_made_again(stack: DrivenStack, taught: Taught) -> None:
    stack.program = program("vanishes")
    stack.run("up")
    taught.client.registered_models.delete("vanishes.bot.chain")
    assert stack.run("up").changes == {"create": 2}
    assert stack.run("up").changes == {}


def scoped(permission: str) -> Callable[[], None]:
    """A secret scope with an entry for a group."""

    def declare() -> None:
        scope = databricks.SecretScope("scope", name="helpdesk")
        once = pulumi.ResourceOptions(delete_before_replace=True)
        databricks.SecretAcl("acl", scope=scope.name, principal="users", permission=permission, opts=once)

    return declare


def test_a_secret_scopes_entry_is_replaced_in_place_and_its_secrets_stay(stack: DrivenStack, taught: Taught) -> None:
    stack.program = scoped("READ")
    assert stack.run("up").changes == {"create": 2}
    assert stack.run("up").changes == {}
    taught.client.secrets.put_secret("helpdesk", "token", string_value="hidden away")
    stack.program = scoped("WRITE")
    assert stack.run("up").changes == {"replace": 1}
    assert str(taught.client.secrets.get_acl("helpdesk", "users").permission) == "AclPermission.WRITE"
    taught.client.secrets.delete_acl("helpdesk", "users")
    assert stack.run("up").changes == {"create": 1}
    assert [secret.key for secret in taught.client.secrets.list_secrets("helpdesk")] == ["token"]
    assert "hidden away" not in stack.state
    assert stack.run("destroy").changes == {"delete": 2}
    assert [scope.name for scope in taught.client.secrets.list_scopes()] == []


def test_resources_that_exist_are_imported_by_their_ids(stack: DrivenStack, taught: Taught) -> None:
    taught.client.schemas.create("adopted", "taught", comment="was there before")

    def adopt() -> None:
        def there(resource_id: str) -> pulumi.ResourceOptions:
            return pulumi.ResourceOptions(import_=resource_id, retain_on_delete=True)

        names = {"catalog_name": "taught", "name": "adopted", "comment": "was there before"}
        databricks.Schema("schema", **names, opts=there("taught.adopted"))
        names = {"catalog_name": "taught", "schema_name": "bot", "name": "chain"}
        databricks.RegisteredModel("model", **names, opts=there(taught.model))

    stack.program = adopt
    assert stack.run("up").changes == {"import": 2}
    assert stack.run("up").changes == {}
    assert stack.resource("schema")["inputs"]["comment"] == "was there before"


def test_an_import_that_does_not_match_the_program_shows_what_differs(stack: DrivenStack, taught: Taught) -> None:
    taught.client.catalogs.create("mismatched", comment="was there before")

    def adopt() -> None:
        options = pulumi.ResourceOptions(import_="mismatched", retain_on_delete=True)
        databricks.Catalog("catalog", name="mismatched", comment="other", opts=options)

    stack.program = adopt
    assert stack.run("preview").paths("update") == {"catalog": ["comment"]}
    taught.client.catalogs.delete("mismatched", force=True)


def test_a_secret_is_a_secret_in_the_state_and_in_what_is_printed(stack: DrivenStack) -> None:
    def declare() -> None:
        provider = databricks.Provider("sandbox", host=stack.url, token=pulumi.Output.secret(stack.token))
        hidden = {"password": pulumi.Output.secret("hush-hush")}
        options = pulumi.ResourceOptions(provider=provider)
        databricks.Catalog("catalog", name="hides", properties=hidden, force_destroy=True, opts=options)

    stack.program = declare
    runs = [stack.run(operation) for operation in ("preview", "up", "refresh", "up")]
    said = "".join(run.output + "".join(run.lines) for run in runs)
    assert not any(run.failed for run in runs)
    assert [word for word in ("hush-hush", stack.token) if word in stack.state or word in said] == []


@pytest.mark.parametrize(
    ("declare", "said"),
    [
        (lambda: databricks.Cluster("it", spark_version="x"), "does not have databricks:index/cluster:Cluster; it has"),
        (
            lambda: databricks.Catalog("it", name="it", browse_only=True),
            "browseOnly: the stand-in provider has no",
        ),
        (lambda: databricks.Schema("it", name="it", catalog_name="nowhere"), "cannot create schema it: "),
    ],
)
def test_a_refusal_is_one_message_without_a_traceback(
    stack: DrivenStack, declare: Callable[[], None], said: str
) -> None:
    stack.program = declare
    run = stack.run("up")
    assert run.failed
    assert said in run.errors
    assert "Traceback" not in run.output


def test_a_run_is_told_once_that_this_is_a_stand_in(stack: DrivenStack) -> None:
    stack.program = program("told")
    runs = [stack.run(operation) for operation in ("up", "up", "preview")]
    assert [sum("in place of the released" in line for line in run.lines) for run in runs] == [1, 1, 1]


def test_what_was_destroyed_comes_up_again_under_the_same_names(stack: DrivenStack) -> None:
    stack.program = program("again")
    stack.run("up")
    stack.run("destroy")
    again = stack.run("up")
    assert (again.errors, again.changes) == ("", {"create": 6})


def test_a_catalog_whose_binding_somebody_took_away_is_refused_until_it_is_bound_and_goes_with_its_stack(
    stack: DrivenStack, taught: Taught
) -> None:
    here = taught.client.get_workspace_id()

    def declare() -> None:
        catalog = databricks.Catalog("catalog", name="bound", isolation_mode="ISOLATED")
        # Taken back before the catalog goes, it would leave one that nobody here may delete.
        options = pulumi.ResourceOptions(deleted_with=catalog)
        databricks.WorkspaceBinding("binding", securable_name=catalog.name, workspace_id=str(here), opts=options)

    def bound() -> list[int | None]:
        return [each.workspace_id for each in taught.client.workspace_bindings.get_bindings("catalog", "bound")]

    stack.program = declare
    assert (stack.run("up").changes, stack.run("up").changes, bound()) == ({"create": 2}, {}, [here])
    taught.client.workspace_bindings.update_bindings("catalog", "bound", remove=[WorkspaceBinding(here)])
    refused = stack.run("up")
    assert (refused.failed, bound()) == (True, [])
    assert "Catalog 'bound' is not accessible in current workspace" in refused.errors
    taught.client.workspace_bindings.update_bindings("catalog", "bound", add=[WorkspaceBinding(here)])
    # The refused run has read that the binding is gone: the stack has it as its own again by the same request.
    assert (stack.run("up").changes, bound()) == ({"create": 1}, [here])
    assert stack.run("destroy").changes == {"delete": 2}
    assert "bound" not in [each.name for each in taught.client.catalogs.list()]
