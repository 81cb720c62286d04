"""The texts of the stacks' files, from the answers: pure, with the files' own words in `files/`."""

from __future__ import annotations

import re
from importlib import resources
from string import Template

from model_ops.stack import LOCAL
from model_ops.template.answers import Answers, StackAnswer

EXAMPLE_HOST = "https://adb-1111111111111111.1.azuredatabricks.net"
NOBODY = "11111111-1111-1111-1111-111111111111"
"""An id that Azure gives to nothing: who deploys with it is refused."""
EXAMPLE_REGION = "westeurope"
SAMPLE = "dbdemos_advanced_chatbot_model"
"""The sample chatbot's entry of the local stack."""
MEANT = "; FILL IN what is an example"


def stack_files(answers: Answers) -> dict[str, str]:
    """Give each stack's file by its name, the local one's too."""
    before = ["", *(stack.name for stack in answers.stacks)]
    of_cloud = {
        _name(stack.name): _cloud(answers, stack, after) for stack, after in zip(answers.stacks, before, strict=False)
    }
    return {_name(LOCAL): _local(answers), **of_cloud}


def filled(name: str, **words: str) -> str:
    """Give a file of `files/` with its words filled in."""
    text = resources.files("model_ops.template").joinpath("files", name).read_text(encoding="utf-8")
    return Template(text).substitute(words)


def _name(stack: str) -> str:
    return f"Pulumi.{stack}.yaml"


def _local(answers: Answers) -> str:
    catalog, schema, model = answers.parts(LOCAL)
    text = filled("local.yaml", catalog=catalog, schema=schema, model=model)
    return text + filled("example.yaml") if answers.example and model != SAMPLE else text


def _cloud(answers: Answers, stack: StackAnswer, after: str) -> str:
    catalog, schema, model = answers.parts(stack.name)
    creates = stack.platform == "create"
    return filled(
        "stack.yaml",
        stack=stack.name,
        project=answers.project,
        state=_state(answers, stack.name),
        platform=(_create if creates else _adopt)(answers, stack),
        after=f"  rollpin:after: {after}{_gap(after)}# where a change touches both, that one goes first\n"
        if after
        else "",
        catalog=catalog,
        catalog_note=(
            "    createCatalog: true             # by this stack, as all of the platform is"
            if creates
            else "    # The catalog exists, or else: createCatalog: true"
        ),
        schema=schema,
        model=model,
    )


def _gap(after: str) -> str:
    return " " * max(2, 19 - len(after))


def _adopt(_: Answers, stack: StackAnswer) -> str:
    resource_id = stack.resource_id or (
        f"/subscriptions/{NOBODY}/resourceGroups/rg-{stack.name.lower()}/providers/Microsoft.Databricks"
        f"/workspaces/dbw-{re.sub('[^a-z0-9_-]', '-', stack.name.lower())}"
    )
    meant = "" if stack.host and stack.resource_id else MEANT
    return filled("adopt.yaml", host=stack.host or EXAMPLE_HOST, resource_id=resource_id, fill_in=meant).removesuffix(
        "\n"
    )


def _create(answers: Answers, stack: StackAnswer) -> str:
    account = re.sub("[^a-z0-9]", "", f"{answers.project}{stack.name}lake".lower())[-24:]
    return filled(
        "create.yaml",
        region=stack.region or EXAMPLE_REGION,
        account=account,
        metastore=stack.metastore or NOBODY,
        databricks=NOBODY,
        fill_in="" if stack.region and stack.metastore else MEANT,
    ).removesuffix("\n")


def _state(answers: Answers, stack: str) -> str:
    """What is typed once, before the first `up`."""
    key = f" --secrets-provider='{answers.key_vault}/{stack}'" if answers.key_vault else ""
    return f" Once, before its first `up`: pulumi stack init {stack}{key} (docs/first-deploy.md)"
