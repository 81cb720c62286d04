"""The texts of the stacks' files, from the answers: pure, with the files' own words in `files/`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources
from string import Template
from types import MappingProxyType

from model_ops.stack import LOCAL
from model_ops.template.answers import Answers, PlatformKind, StackAnswer

EXAMPLE_HOST = "https://adb-1111111111111111.1.azuredatabricks.net"
NOBODY = "11111111-1111-1111-1111-111111111111"
"""An id that Azure gives to nothing: who deploys with it is refused."""
EXAMPLE_REGION = "westeurope"
SAMPLE = "dbdemos_advanced_chatbot_model"
"""The sample chatbot's entry of the local stack."""
MEANT = "; FILL IN what is an example"
CATALOG_NOTES: Mapping[PlatformKind, str] = MappingProxyType(
    {
        "adopt": "    # The catalog exists, or else: createCatalog: true",
        "create": "    createCatalog: true             # by this stack, as all of the platform is",
        "apart": "    createSchema: false             # the platform stack makes it, and the catalog",
    }
)
REACH = "\n      reach: false                  # the platform stack gives the way there: docs/two-speeds.md"


def stack_files(answers: Answers) -> dict[str, str]:
    """Give each stack's file by its name, the local one's too."""
    before = dict(zip(answers.names, ["", *answers.names], strict=False))
    of_cloud = {
        _name(name): (_cloud if name == stack.name else _apart)(answers, stack, _after(before[name]))
        for stack in answers.stacks
        for name in stack.names
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
    return filled(
        "stack.yaml",
        stack=stack.name,
        project=answers.project,
        state=_state(answers, stack.name),
        platform=(_create if stack.platform == "create" else _adopt)(answers, stack),
        after=after,
        catalog=catalog,
        catalog_note=CATALOG_NOTES[stack.platform],
        reach=REACH if stack.platform == "apart" else "",
        schema=schema,
        model=model,
    )


def _apart(answers: Answers, stack: StackAnswer, after: str) -> str:
    """The file of the stack that makes the platform, and no model."""
    catalog, schema, model = answers.parts(stack.name)
    name = stack.names[0]
    return filled(
        "platform.yaml",
        stack=name,
        serving=stack.name,
        project=answers.project,
        state=_state(answers, name),
        platform=_create(answers, stack),
        after=after,
        catalog=catalog,
        schema=schema,
        model=model,
        deployer=NOBODY,
    )


def _after(before: str) -> str:
    gap = " " * max(2, 19 - len(before))
    return f"  rollpin:after: {before}{gap}# where a change touches both, that one goes first\n" if before else ""


def _adopt(_: Answers, stack: StackAnswer) -> str:
    made = f"rollpin-{stack.names[0]}" if stack.platform == "apart" else stack.name.lower()
    resource_id = stack.resource_id or (
        f"/subscriptions/{NOBODY}/resourceGroups/rg-{made}/providers/Microsoft.Databricks"
        f"/workspaces/dbw-{re.sub('[^A-Za-z0-9_-]', '-', made)}"
    )
    meant = "" if stack.host and stack.resource_id else MEANT
    if stack.platform == "apart":
        meant = f"; FILL IN what the up of {stack.names[0]} says"
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
