"""The settings of vector search: an endpoint, the indexes on it, and the volumes that documents lie in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from infra.settings.frozen import YES_NO, Frozen
from infra.settings.value_rules import NO_OBJECT, RESERVED_CATALOGS, EndpointName, Principal, Rule

ColumnType = Literal[
    "integer",
    "long",
    "short",
    "float",
    "double",
    "boolean",
    "string",
    "date",
    "timestamp",
    "array<float>",
    "array<double>",
]
ARRAYS = ("array<float>", "array<double>")
KEYS = ("integer", "long", "short", "string")
"""The types of a column that can be a primary key."""
COLUMNS = "{id: integer, text: string, vector: array<float>}"
VECTORS = "{column: vector, dimension: 1024}"
TEXT = "{column: text, model: databricks-gte-large-en}"
SOURCE = "{table: prod.serving.docs}"
INDEX = f"{{primaryKey: id, columns: {COLUMNS}, vectors: {VECTORS}}}"
_PART = rf"[^{NO_OBJECT}A-Z]{{1,255}}"


def _as_column(value: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]+", "_", value.strip())


INDEX_NAME = Rule(
    "the name of an index in three parts, as in `prod.serving.docs_index`: a catalog, a schema, and lower-case "
    "letters, digits and `_`",
    rf"(?!(?:{RESERVED_CATALOGS})\.){_PART}\.{_PART}\.[a-z0-9_]{{1,255}}",
    str.lower,
)
OBJECT_NAME = Rule(
    "the name of an object of Unity Catalog in three parts and in lower case, as in `prod.serving.documents`",
    rf"(?!(?:{RESERVED_CATALOGS})\.){_PART}\.{_PART}\.{_PART}",
    str.lower,
)
COLUMN_NAME = Rule(
    "the name of a column: letters, digits and `_`, the first no digit", r"[A-Za-z_][A-Za-z0-9_]{0,254}", _as_column
)
MODEL_ENDPOINT = Rule(
    "the name of a serving endpoint that makes embeddings, as in `databricks-gte-large-en`",
    r"[A-Za-z0-9][A-Za-z0-9_.-]{0,254}",
)
IndexName = Annotated[str, AfterValidator(INDEX_NAME)]
ObjectName = Annotated[str, AfterValidator(OBJECT_NAME)]
ColumnName = Annotated[str, AfterValidator(COLUMN_NAME)]
ModelEndpointName = Annotated[str, AfterValidator(MODEL_ENDPOINT)]
READERS = "a list of principals: [chatbot-serving]"


class Vectors(Frozen):
    """A column of vectors that somebody else computes."""

    column: ColumnName = Field(description="the name of a column, as a text", examples=["vector"])
    """The column that holds the vectors."""
    dimension: Annotated[int, Field(ge=1, le=4096)] = Field(
        description="a whole number from 1 to 4096: the numbers in a vector", examples=[1024]
    )
    """How many numbers each has."""


class Text(Frozen):
    """A column of text that Databricks turns into vectors."""

    column: ColumnName = Field(description="the name of a column, as a text", examples=["text"])
    """The column that holds the text."""
    model: ModelEndpointName = Field(
        description="the name of a serving endpoint, as a text", examples=["databricks-gte-large-en"]
    )
    """The endpoint that makes the embeddings."""


class Source(Frozen):
    """The table that an index follows."""

    table: ObjectName = Field(description="the name of a table, as a text", examples=["prod.serving.docs"])
    """The table that it follows."""
    pipeline: Literal["TRIGGERED", "CONTINUOUS"] = Field(
        default="TRIGGERED", description="TRIGGERED or CONTINUOUS", examples=["TRIGGERED"]
    )
    """Whether it follows when told to, or all the time."""


class Readers(Frozen):
    """Who may read an index or a volume: groups, service principals' application ids, users."""

    read: tuple[Principal, ...] = Field(
        default=(), description=READERS, examples=["[chatbot-serving]", "chatbot-serving"]
    )
    """Who may read it."""


class Index(Frozen):
    """An index: with `columns` it is written by its clients, with a `source` it follows a table."""

    primary_key: ColumnName = Field(description="the name of a column, as a text", examples=["id"])
    """The column that tells its rows apart."""
    columns: Mapping[ColumnName, ColumnType] | None = Field(
        default=None, description=f"a mapping of columns to their types: {COLUMNS}", examples=[COLUMNS, "string"]
    )
    """Its columns, of an index that its clients write. Left out: it follows a `source`."""
    vectors: Vectors | None = Field(default=None, description=f"a mapping: {VECTORS}", examples=[VECTORS])
    """The column of its vectors, which clients compute. Left out: Databricks makes them of `text`."""
    source: Source | None = Field(default=None, description=f"a mapping: {SOURCE}", examples=[SOURCE])
    """The table that it follows. Left out: its clients write it."""
    text: Text | None = Field(default=None, description=f"a mapping: {TEXT}", examples=[TEXT])
    """What Databricks makes vectors of. Left out: clients bring `vectors`."""
    access: Readers = Field(
        default=Readers(), description="a mapping with the key read", examples=["{read: [chatbot-serving]}"]
    )
    """Who may `read` it."""


class Volume(Frozen):
    """A managed volume."""

    access: Readers = Field(
        default=Readers(), description="a mapping with the key read", examples=["{read: [chatbot-serving]}"]
    )
    """Who may `read` it."""


class VectorSearch(Frozen):
    """An endpoint of vector search, with what is on it; `adopt` takes over whatever of it is there already."""

    endpoint: EndpointName = Field(description="the name of an endpoint of vector search, as a text", examples=["docs"])
    """The name of the endpoint of vector search."""
    endpoint_type: Literal["STANDARD", "STORAGE_OPTIMIZED"] = Field(
        default="STANDARD", description="STANDARD or STORAGE_OPTIMIZED", examples=["STANDARD"]
    )
    """Its type."""
    create_endpoint: bool = Field(default=True, description=YES_NO, examples=["true"])
    """Whether this stack makes it, or only uses it."""
    adopt: bool = Field(default=False, description=YES_NO, examples=["true"])
    """Whether what of it is there already is taken over."""
    indexes: Mapping[IndexName, Index] = Field(
        default={},
        description="a mapping of names in three parts to indexes",
        examples=[f"{{prod.serving.docs_index: {INDEX}}}", INDEX],
    )
    """Its indexes, by their names in three parts."""
    volumes: Mapping[ObjectName, Volume] = Field(
        default={},
        description="a mapping of names in three parts to volumes",
        examples=["{prod.serving.documents: {}}", "{}"],
    )
    """Volumes that documents lie in, by their names in three parts."""

    @property
    def readers(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each index and volume by its name, with who may read it."""
        indexes = [(name, index.access.read) for name, index in self.indexes.items()]
        return (*indexes, *((name, volume.access.read) for name, volume in self.volumes.items()))

    @property
    def principals(self) -> frozenset[str]:
        """Everybody who is named in it."""
        return frozenset(name for _, names in self.readers for name in names)
