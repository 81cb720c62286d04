"""Finds settings of vector search that are each allowed, but not together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from infra.settings.location import Location, dotted, in_file
from infra.settings.mend import Add, Either, Mend, Remove, Write
from infra.settings.mistake import Mistake
from infra.settings.search_schema import ARRAYS, COLUMNS, INDEX, KEYS, SOURCE, TEXT, VECTORS, Index, VectorSearch
from infra.settings.stack_file import StackFile

SECTION = "vectorSearch"
ONE_KIND = "one of them: with `columns` an index is written by its clients, with `source` it follows a table"


def mistakes(file: StackFile, search: VectorSearch) -> Iterator[Mistake]:
    """Find contradictions in each index, and principals that are named twice."""
    for name, index in search.indexes.items():
        finder = _OfIndex(file, (SECTION, "indexes", name), index)
        yield from finder.kinds()
        yield from finder.direct()
        yield from finder.synced()
    for section, things in (("indexes", search.indexes), ("volumes", search.volumes)):
        for name, thing in things.items():
            where = (SECTION, section, name, "access", "read")
            yield from _At(file, where).repeated(thing.access.read)


class _At:
    """What may be said of the settings at one location."""

    def __init__(self, file: StackFile, location: Location) -> None:
        self._file, self._location = file, location

    def repeated(self, items: Iterable[str]) -> Iterator[Mistake]:
        """A list names each principal once."""
        once = {item.casefold(): item for item in reversed([*items])}
        for item, count in Counter(item.casefold() for item in items).items():
            if count > 1:
                mend = self._write((), f"[{', '.join([*once.values()][::-1])}]", f"write `{item}` once")
                yield self._mistake((), f"`{item}`, {count} times", "each of them once", mend)

    def _mistake(self, keys: Location, found: str, allowed: str, mend: Mend) -> Mistake:
        where = in_file((*self._location, *keys))
        return Mistake(line=self._file.place(where).line, key=dotted(where), found=found, allowed=allowed, mend=mend)

    def _write(self, keys: Location, value: str, words: str = "") -> Write:
        where = in_file((*self._location, *keys))
        return Write(location=where, place=self._file.place(where), value=value, words=words)

    def _add(self, keys: Location, value: str) -> Add:
        where = in_file((*self._location, *keys))
        return Add(location=where, place=self._file.place(where[:-1]), value=value)

    def _remove(self, keys: Location) -> Remove:
        where = in_file((*self._location, *keys))
        return Remove(location=where, place=self._file.place(where))


class _OfIndex(_At):
    def __init__(self, file: StackFile, location: Location, index: Index) -> None:
        super().__init__(file, location)
        self._index = index

    def kinds(self) -> Iterator[Mistake]:
        """An index is of one of the two kinds."""
        index = self._index
        if index.columns is not None and index.source is not None:
            either = Either(first=self._remove(("source",)), second=self._remove(("columns",)))
            yield self._mistake((), "`columns` and `source` together", ONE_KIND, either)
        elif index.columns is None and index.source is None:
            yield self._mistake((), "neither `columns` nor `source`", ONE_KIND, self._kind())

    def _kind(self) -> Mend:
        """What goes with the vectors or the text that are there, else an index whole."""
        index, source = self._index, self._add(("source",), SOURCE)
        if index.vectors is None:
            return self._whole() if index.text is None else source
        columns = COLUMNS.replace("id:", f"{index.primary_key}:").replace("vector:", f"{index.vectors.column}:")
        add = self._add(("columns",), columns)
        return Either(first=add, second=source) if index.text is None else source

    def _whole(self) -> Write:
        return self._write((), INDEX, f"write an index, as in `{INDEX}`")

    def direct(self) -> Iterator[Mistake]:
        """What clients write has a key, and vectors of their own."""
        index = self._index
        if index.columns is None or index.source is not None:
            return
        if index.text is not None:
            allowed = "`vectors`, which clients write: only an index with a `source` makes them of text"
            yield self._mistake(("text",), "`text`, beside `columns`", allowed, self._remove(("text",)))
        if index.vectors is None:
            yield self._mistake((), "no `vectors` beside `columns`", "both", self._vectors(index.columns))
        else:
            yield from self._column("vectors", "column", index.vectors.column, ARRAYS)
        yield from self._column("primaryKey", "", index.primary_key, KEYS)

    def _vectors(self, columns: Mapping[str, str]) -> Mend:
        arrays = [name for name, type_ in columns.items() if type_ in ARRAYS]
        return self._add(("vectors",), VECTORS.replace("vector,", f"{arrays[0]},")) if arrays else self._whole()

    def _column(self, key: str, inner: str, column: str, types: tuple[str, ...]) -> Iterator[Mistake]:
        columns = self._index.columns or {}
        where: Location = (key, inner) if inner else (key,)
        if column not in columns:
            allowed = f"one of the columns: {', '.join(columns) or 'there is none'}"
            yield self._mistake(
                where, f"`{column}`, which is no column", allowed, self._add(("columns", column), types[0])
            )
        elif columns[column] not in types:
            mend = self._write(("columns", column), types[0])
            yield self._mistake(("columns", column), f"`{columns[column]}`, of the {key}", " or ".join(types), mend)

    def synced(self) -> Iterator[Mistake]:
        """What follows a table takes vectors from it, or makes them of its text."""
        index = self._index
        if index.source is None or index.columns is not None:
            return
        allowed = "one of them: `vectors` that are in the table, or `text` of which a model makes them"
        if index.vectors is not None and index.text is not None:
            either = Either(first=self._remove(("vectors",)), second=self._remove(("text",)))
            yield self._mistake((), "`vectors` and `text` together", allowed, either)
        elif index.vectors is None and index.text is None:
            either = Either(first=self._add(("text",), TEXT), second=self._add(("vectors",), VECTORS))
            yield self._mistake((), "neither `vectors` nor `text`", allowed, either)
