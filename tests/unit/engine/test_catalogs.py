"""What a rehearsed stack only uses is named from its file; what it creates is left to it."""

from __future__ import annotations

from pathlib import Path

from engine import catalogs

STACK = """\
config:
  rollpin:vectorSearch:
    endpoint: docs
    volumes: {shared.docs.files: {}}
  rollpin:models:
    used: {catalog: prod, schema: chatbot}
    given: {catalog: prod, schema: given, createSchema: false}
    own: {catalog: own, schema: fresh, createCatalog: true}
    logged:
      catalog: prod
      schema: chatbot
      endpoint: {gateway: {inferenceTable: {schema: logs}}}
"""


def test_the_catalogs_and_schemas_that_others_made_are_named_catalogs_first(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.prod.yaml").write_text(STACK)
    assert catalogs.used(tmp_path, "prod") == ("prod", "prod.given", "prod.logs", "shared", "shared.docs")
