"""The words a stack file may use: each name as Databricks or Azure would accept it, each number in its range."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError


def _nothing(_: str) -> str:
    return ""


@dataclass(frozen=True)
class Rule:
    """What a text must look like, said in words, and the nearest text that does (empty where none is near)."""

    allowed: str
    pattern: str
    repair: Callable[[str], str] = _nothing

    def __call__(self, value: str) -> str:
        """Give the value back; raises PydanticCustomError, with the words and the repair, where it does not fit."""
        if re.fullmatch(self.pattern, value):
            return value
        repair = self.repair(value)
        good = repair if repair and re.fullmatch(self.pattern, repair) else ""
        raise PydanticCustomError("rule", "{allowed}", {"allowed": self.allowed, "repair": good})


def _as_object(value: str) -> str:
    return re.sub(rf"[{NO_OBJECT}]+", "_", value.strip()).lower()[:255]


def _as_model(value: str) -> str:
    return re.sub(r"[^a-z0-9_-]+", "_", value.strip().lower()).strip("_-")


def _as_endpoint(value: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", value.strip()).strip("_-")[:63]


def _as_account(value: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", value.lower())[:24]


def _as_location(value: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", value.lower())


def _as_host(value: str) -> str:
    host = re.match(r"(?:https?://)?([a-z0-9.-]+)", value.strip().lower())
    return f"https://{host[1]}" if host else ""


def _as_experiment(value: str) -> str:
    return f"/Shared/{value}" if value and not value.startswith("/") else value.rstrip("/")


NO_OBJECT = r"""\s./\\:%'"`\x00-\x1f\x7f\ud800-\udfff"""
"""What no catalog's and no schema's name holds, for a regular expression's brackets; the sandbox refuses the same."""
RESERVED_CATALOGS = "hive_metastore|system|samples|__databricks_internal"
CATALOG = Rule(
    "a Unity Catalog name: at most 255 characters, in lower case (Unity Catalog stores it so), "
    "without space, quote, backtick, `.`, `/`, `\\`, `:`, `%` or control characters, and not one that Databricks keeps "
    "for itself",
    rf"(?!(?:{RESERVED_CATALOGS})$)[^{NO_OBJECT}A-Z]{{1,255}}",
    _as_object,
)
SCHEMA = Rule(
    "a Unity Catalog name: at most 255 characters, in lower case (Unity Catalog stores it so), "
    "without space, quote, backtick, `.`, `/`, `\\`, `:`, `%` or control characters, and not `information_schema`",
    rf"(?!information_schema$)[^{NO_OBJECT}A-Z]{{1,255}}",
    _as_object,
)
MODEL = Rule(
    "a name that a served entity can have too: lower-case letters, digits, `_` and `-`, "
    "the first a letter or digit, at most 55 characters (`-v` and the version are added to it, and a served entity's "
    "name holds 63); where the registered model has another name, `model` names it",
    r"[a-z0-9][a-z0-9_-]{0,54}",
    _as_model,
)
REGISTERED_MODEL = Rule(
    "a registered model's name: at most 255 characters, in lower case (Unity Catalog stores it so), "
    "without space, quote, backtick, `.`, `/`, `\\`, `:`, `%` or control characters",
    rf"[^{NO_OBJECT}A-Z]{{1,255}}",
    _as_object,
)
ENDPOINT = Rule(
    "a serving endpoint's name: letters, digits, `_` and `-`, the first a letter or digit, at most 63 characters",
    r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}",
    _as_endpoint,
)
PRINCIPAL = Rule(
    "the name of a group that exists, a service principal's application id, or a user's e-mail address; not `admins`, "
    "whose rights Databricks does not let anyone change",
    r"(?!admins$)[^\x00-\x1f\x7f\s](?:[^\x00-\x1f\x7f]{0,253}[^\x00-\x1f\x7f\s])?",
    str.strip,
)
EXPERIMENT = Rule(
    "the path of an experiment in a workspace folder that exists, as in `/Shared/chatbot`",
    r"(?:/[^\x00-\x1f\x7f/]+){2,}",
    _as_experiment,
)
HOST = Rule(
    "the workspace's address: `https://` and a host, nothing after it, "
    "as in `https://adb-1234567890123456.7.azuredatabricks.net`",
    r"https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?",
    _as_host,
)
WORKSPACE_ID = Rule(
    "the workspace's resource id, as in `/subscriptions/<id>/resourceGroups/<name>"
    "/providers/Microsoft.Databricks/workspaces/<name>`",
    r"/subscriptions/[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/resourceGroups/[\w().-]{1,90}"
    r"/providers/Microsoft\.Databricks/workspaces/[A-Za-z0-9_-]{3,64}",
)
STORAGE_ACCOUNT = Rule(
    "a storage account's name, unique in all of Azure: 3 to 24 lower-case letters and digits",
    r"[a-z0-9]{3,24}",
    _as_account,
)
LOCATION = Rule(
    "an Azure region by its short name, as in `westeurope`: az account list-locations --output table",
    r"[a-z]{2,}[a-z0-9]*",
    _as_location,
)
METASTORE = Rule(
    "the id of the region's Unity Catalog metastore: databricks account metastores list",
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    str.lower,
)
RESOURCE_GROUP = Rule(
    "a resource group's name: letters, digits, `_`, `.`, `-`, `(` and `)`, at most 90, not ending in `.`",
    r"[A-Za-z0-9_.()-]{0,89}[A-Za-z0-9_()-]",
)
WORKSPACE = Rule(
    "a workspace's name: 3 to 64 letters, digits, `_` and `-`",
    r"[A-Za-z0-9_-]{3,64}",
    lambda value: re.sub(r"[^A-Za-z0-9_-]+", "-", value),
)
SCOPE = Rule(
    "a secret scope's name: letters, digits, `_`, `-`, `@` and `.`, at most 128",
    r"[A-Za-z0-9_@.-]{1,128}",
    lambda value: re.sub(r"[^A-Za-z0-9_@.-]+", "-", value.strip()).strip("-")[:128],
)
KEY_VAULT = Rule(
    "an Azure Key Vault's resource id, as in `/subscriptions/<id>/resourceGroups/<name>"
    "/providers/Microsoft.KeyVault/vaults/<name>`",
    r"/subscriptions/[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/resourceGroups/[\w().-]{1,90}"
    r"/providers/Microsoft\.KeyVault/vaults/[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]",
    lambda value: value.strip().rstrip("/"),
)
STACK = Rule("a stack's name: letters, digits, `_`, `.` and `-`, at most 100", r"[A-Za-z0-9_.-]{1,100}")
TAG_KEY = Rule(
    "a tag's name: letters, digits, `_`, `-` and `.`, at most 127, and not `model_version`, `run_id` or `retired`, "
    "which the program writes itself",
    r"(?!(?:model_version|run_id|retired)$)[A-Za-z0-9_.-]{1,127}",
    lambda value: re.sub(r"[^A-Za-z0-9_.-]+", "_", value),
)
COMMENT = Rule(
    "a text of 1 to 1000 characters, on one line and without control characters", r"[^\x00-\x1f\x7f]{1,1000}"
)
TAG_VALUE = Rule("a text of at most 255 characters, without control characters", r"[^\x00-\x1f\x7f]{0,255}")
TEXT = Rule("a text of at most 2,000 characters, without control characters", r"[^\x00-\x1f\x7f]{0,2000}")
ENVIRONMENT_NAME = Rule(
    "an environment variable's name: letters, digits and `_`, the first no digit, at most 255 characters",
    r"[A-Za-z_][A-Za-z0-9_]{0,254}",
    lambda value: re.sub(r"[^A-Za-z0-9_]+", "_", value.strip()),
)
ENVIRONMENT_VALUE = Rule(
    "a text of at most 4,096 characters in which no `{{` stands, or nothing but a reference: "
    "`{{secrets/<scope>/<key>}}`",
    r"(?:(?!\{\{)[^\x00])*|\{\{secrets/[\w.@-]{1,128}/[\w.@-]{1,128}\}\}",
)
VERSION_KEY = Rule("a version: a whole number from 1, in plain digits", r"[1-9][0-9]{0,8}")
EMAIL = Rule("a mail address", r"[^\s@,;<>\x00-\x1f\x7f]{1,128}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
TABLE_PREFIX = Rule(
    "the beginning of a table's name: lower-case letters, digits and `_`, at most 200 characters, "
    "so that SQL needs no backticks for it",
    r"[a-z0-9_]{1,200}",
    lambda value: re.sub(r"[^a-z0-9_]+", "_", value.strip().lower()),
)
BUDGET_POLICY = Rule(
    "the id of a budget policy: databricks account budget-policy list",
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    str.lower,
)
POLICY_NAME = Rule(
    "a policy's name, as docs/policy.md lists them: lower-case letters, digits and `-`",
    r"[a-z0-9][a-z0-9-]{0,63}",
    lambda value: re.sub(r"[^a-z0-9]+", "-", value.strip().lower()).strip("-"),
)
RESOURCE_NAME = Rule(
    "a resource's name in the program, as a preview shows it: at most 300 characters, none of them a control character",
    r"[^\x00-\x1f\x7f]{1,300}",
)

CatalogName = Annotated[str, AfterValidator(CATALOG)]
SchemaName = Annotated[str, AfterValidator(SCHEMA)]
ModelName = Annotated[str, AfterValidator(MODEL)]
RegisteredModelName = Annotated[str, AfterValidator(REGISTERED_MODEL)]
Comment = Annotated[str, AfterValidator(COMMENT)]
EndpointName = Annotated[str, AfterValidator(ENDPOINT)]
Principal = Annotated[str, AfterValidator(PRINCIPAL)]
ExperimentPath = Annotated[str, AfterValidator(EXPERIMENT)]
WorkspaceHost = Annotated[str, AfterValidator(HOST)]
WorkspaceId = Annotated[str, AfterValidator(WORKSPACE_ID)]
StorageAccountName = Annotated[str, AfterValidator(STORAGE_ACCOUNT)]
LocationName = Annotated[str, AfterValidator(LOCATION)]
MetastoreId = Annotated[str, AfterValidator(METASTORE)]
ResourceGroupName = Annotated[str, AfterValidator(RESOURCE_GROUP)]
WorkspaceName = Annotated[str, AfterValidator(WORKSPACE)]
ScopeName = Annotated[str, AfterValidator(SCOPE)]
KeyVaultId = Annotated[str, AfterValidator(KEY_VAULT)]
StackName = Annotated[str, AfterValidator(STACK)]
TagKey = Annotated[str, AfterValidator(TAG_KEY)]
TagValue = Annotated[str, AfterValidator(TAG_VALUE)]
Text = Annotated[str, AfterValidator(TEXT)]
EnvironmentName = Annotated[str, AfterValidator(ENVIRONMENT_NAME)]
EnvironmentValue = Annotated[str, Field(max_length=4096), AfterValidator(ENVIRONMENT_VALUE)]
VersionKey = Annotated[str, AfterValidator(VERSION_KEY)]
Email = Annotated[str, AfterValidator(EMAIL)]
TablePrefix = Annotated[str, AfterValidator(TABLE_PREFIX)]
BudgetPolicyId = Annotated[str, AfterValidator(BUDGET_POLICY)]
PolicyName = Annotated[str, AfterValidator(POLICY_NAME)]
ResourceName = Annotated[str, AfterValidator(RESOURCE_NAME)]
EveryFour = Annotated[int, Field(ge=0, le=1024, multiple_of=4)]
Version = Annotated[int, Field(ge=1, le=999_999_999)]
"""Nine digits are more than any registry will count; the engine hands longer numbers on as floats."""


def _day(value: str) -> str:
    allowed = 'a day of the calendar as a text in quotes: year, month and day, as in `"2027-03-31"`'
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    raise PydanticCustomError("rule", "{allowed}", {"allowed": allowed, "repair": ""})


Day = Annotated[str, AfterValidator(_day)]
"""A day as `YYYY-MM-DD`: a text, for the engine would make a time of a bare date."""


def _unquoted(value: Any) -> Any:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


TopLevelFlag = Annotated[bool, BeforeValidator(_unquoted)]
"""True or false, quoted or not: the engine quotes what stands directly below `config` when it rewrites the file."""
