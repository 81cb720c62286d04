"""Words for a value or a name that is not allowed, and for one that is not there: what is, and what to write."""

from __future__ import annotations

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from infra.settings.defaults import DEFAULTS, MODELS, source
from infra.settings.location import Location, dotted, in_file, shortened, written
from infra.settings.meant_value import repair
from infra.settings.mend import Add, Either, Mend, Remove, Rename, Write
from infra.settings.mistake import Mistake
from infra.settings.place import Place
from infra.settings.stack_file import StackFile

VERSION_KEYS = frozenset({"servedVersion", "warmVersions", "version"})


def not_allowed(location: Location, error: ErrorDetails, field: FieldInfo | None, file: StackFile) -> Mistake:
    """A value at `location` that pydantic's `error` refuses."""
    place, context = file.place(in_file(location)), error.get("ctx", {})
    meant = context.get("repair") or repair(place.text, error["type"], field, location)
    return Mistake(
        line=place.line,
        key=dotted(in_file(location)),
        found=f"`{place.text}`" if place.text else "nothing",
        allowed=context.get("allowed") or _description(field),
        mend=_better(location, place, meant, field, file),
    )


def _better(location: Location, place: Place, meant: str, field: FieldInfo | None, file: StackFile) -> Mend:
    """Another value than the one at `place`: the one that was meant, else an example of what is allowed."""
    where, example = in_file(location), _example(location, field)
    if meant:
        return Write(location=where, place=place, value=meant)
    if not place.text:
        write = Write(location=where, place=place, value=example, words=f"write a value, as in `{example}`")
        optional = field is not None and not field.is_required()
        return Either(first=write, second=Remove(location=where, place=place)) if optional else write
    words = f"write a value that is allowed, as in `{_in_words(location, example)}`"
    if VERSION_KEYS & set(location[2:]) and "[" not in example:
        words = f"write the number of a version; which there are: {_list_versions(location, file)}"
    return Write(location=where, place=place, value=example, words=words)


def bad_name(location: Location, error: ErrorDetails, file: StackFile) -> Mistake:
    """A name, such as a model's, that is used as a key and breaks a rule."""
    where = in_file(location)
    place, context = file.place(where), error.get("ctx", {})
    name = context.get("repair")
    mend: Mend = Either(first=f"at line {place.line}, give it another name", second=Remove(location=where, place=place))
    if name and name not in file.keys(where[:-1]):
        mend = Rename(location=where, place=place, to=name)
    return Mistake(
        line=place.line,
        key=dotted(where),
        found=f"the name `{shortened(str(location[-1]))}`",
        allowed=context.get("allowed", "a name"),
        mend=mend,
    )


def missing(location: Location, field: FieldInfo | None, file: StackFile) -> Mistake:
    """A key that has to be at `location` and is not."""
    where = in_file(location)
    place = file.place(where[:-1])
    add = Add(location=where, place=place, value=_example(location, field))
    common = location[0] == "models" and len(location) == len(MODELS) + 1
    return Mistake(
        line=place.line,
        key=dotted(where),
        found="no such key, nor in `rollpin:defaults`" if common else "no such key",
        allowed=_description(field),
        mend=Either(first=add, second=_add_for_all(str(location[-1]), add.value, file)) if common else add,
    )


def _add_for_all(key: str, value: str, file: StackFile) -> Add:
    """Add a key to the defaults of the stack, which are begun where there are none."""
    words = ", for all models"
    if isinstance(file.config.get(DEFAULTS[1]), dict):
        return Add(location=(*DEFAULTS, key), place=file.place(DEFAULTS), value=value, words=words)
    return Add(location=DEFAULTS, place=file.place(DEFAULTS[:1]), value=f"{{{key}: {value}}}", words=words)


def _list_versions(location: Location, file: StackFile) -> str:
    """The command that lists the versions of the model at `location`, as far as the file says which it is."""
    model = in_file(location)[:3]
    where = {key: source(file, (*model, key)) for key in ("catalog", "schema", "model")}
    names = {key: file.place(each).text for key, each in where.items() if each in file.places}
    full_name = f"{names.get('catalog', '…')}.{names.get('schema', '…')}.{names.get('model', location[1])}"
    return f"databricks model-versions list {full_name}"


def _description(field: FieldInfo | None) -> str:
    return (field.description if field else None) or "what the README says"


def _in_words(location: Location, example: str) -> str:
    return f"{written(location)}: {example}" if isinstance(location[-1], str) else example


def _example(location: Location, field: FieldInfo | None) -> str:
    """An example of what a field holds; of one thing in it, where the location leads to that: the second example."""
    examples = [str(each) for each in (field.examples if field else None) or ["…"]]
    inside = field is not None and location[-1] != field.alias
    return examples[-1] if inside else examples[0]
