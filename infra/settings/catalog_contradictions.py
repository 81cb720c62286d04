"""Finds settings of a platform stack's catalogs that are each allowed, but not together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from infra.settings.catalog_schema import Catalog
from infra.settings.finder import Finder
from infra.settings.location import Location
from infra.settings.mend import Either, Mend
from infra.settings.mistake import Mistake
from infra.settings.stack_file import StackFile

SECTION = "catalogs"
ALONE = (
    "`catalogs` in a stack that serves nothing: stacks that serve say `createCatalog: false` and `createSchema: false`"
)


def mistakes(file: StackFile, catalogs: Mapping[str, Catalog]) -> Iterator[Mistake]:
    """Find what a stack of catalogs may not hold beside them, and what is named twice in their lists."""
    finder = _Finder(file)
    if file.keys(("config", f"rollpin:{SECTION}")):
        yield from finder.alone()
    for name, catalog in catalogs.items():
        for schema, each in catalog.schemas.items():
            where: Location = (SECTION, name, "schemas", schema)
            for key, names in each.access.lists.items():
                yield from finder.repeated((*where, "access", key), names)
            yield from finder.repeated((*where, "volumes"), each.volumes)


class _Finder(Finder):
    def alone(self) -> Iterator[Mistake]:
        """Whoever rolls back a model can then touch no catalog: that is in another stack."""
        if models := self.file.keys(("config", "rollpin:models")):
            words = "write `rollpin:models: {}`, and the models into a stack of their own"
            found = f"`catalogs`, beside the model{'s' * (len(models) > 1)} {', '.join(models)}"
            yield self._beside(found, self.write(("models",), "{}", words))
        if "rollpin:vectorSearch" in self.file.config:
            yield self._beside("`catalogs`, beside `vectorSearch`", self.remove(("vectorSearch",)))

    def _beside(self, found: str, mend: Mend) -> Mistake:
        return self.at((SECTION,), found, ALONE, Either(first=mend, second=self.remove((SECTION,))))
