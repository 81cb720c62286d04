"""Names of Unity Catalog's objects: catalog, catalog.schema, catalog.schema.model."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandbox.workspace.api.errors import ApiError, invalid

_NAME = re.compile(r"""[^\s./\\:%'"`\x00-\x1f\x7f\ud800-\udfff]{1,255}""")


@dataclass(frozen=True)
class FullName:
    """A registered model's name in three parts; catalog and schema are in lower case, as Unity Catalog keeps them."""

    catalog: str
    schema: str
    model: str

    def __str__(self) -> str:
        return f"{self.catalog}.{self.schema}.{self.model}"

    @property
    def schema_name(self) -> str:
        """The full name of the schema."""
        return f"{self.catalog}.{self.schema}"

    @classmethod
    def parse(cls, text: str) -> FullName:
        """Split catalog.schema.model; raises ApiError when it is not of that form."""
        parts = text.split(".")
        if len(parts) != 3 or not all(map(valid, parts)):
            raise invalid(
                # The MLflow client looks for the words "specify all three levels".
                f"Invalid model name '{text}'. Unity Catalog's models have names in three parts: specify all three "
                "levels, catalog.schema.model."
            )
        return cls(parts[0].lower(), parts[1].lower(), parts[2])


def valid(name: str) -> bool:
    """Say whether Unity Catalog takes `name`: 1 to 255 characters, no space, dot, slash, quote or control character."""
    return _NAME.fullmatch(name) is not None


def check_name(name: str, field: str) -> str:
    """Give a name in lower case; raises ApiError naming the field when Unity Catalog would refuse it."""
    if not valid(name):
        raise invalid(f'Invalid input: {field}: name "{name}" is not a valid name')
    return name.lower()


def no_catalog(name: str) -> ApiError:
    """Say that a catalog does not exist."""
    return ApiError(404, "CATALOG_DOES_NOT_EXIST", f"Catalog '{name}' does not exist.")


def no_schema(name: str) -> ApiError:
    """Say that a schema does not exist."""
    return ApiError(404, "SCHEMA_DOES_NOT_EXIST", f"Schema '{name}' does not exist.")


def no_model(name: str) -> ApiError:
    """Say that a registered model does not exist."""
    return ApiError(404, "RESOURCE_DOES_NOT_EXIST", f"Routine or Model '{name}' does not exist.")


def not_empty(message: str) -> ApiError:
    """Refuse to delete what holds something."""
    return ApiError(400, "INVALID_STATE", f"{message} Delete what it holds first, or send force=true.")
