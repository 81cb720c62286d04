"""Words for a value or a name that is not allowed, and for one that is not there: what is, and what to write."""

from __future__ import annotations

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from infra.settings.location import Location, dotted, in_file, written
from infra.settings.meant_value import repair
from infra.settings.mistake import Mistake
from infra.settings.stack_file import StackFile

VERSION_KEYS = frozenset({"servedVersion", "warmVersions", "version"})


def not_allowed(location: Location, error: ErrorDetails, field: FieldInfo | None, file: StackFile) -> Mistake:
    """A value at `location` that pydantic's `error` refuses."""
    place, context = file.place(in_file(location)), error.get("ctx", {})
    meant = context.get("repair") or repair(place.text, error["type"], field)
    example = _example(field)
    mend = f"at line {place.line}, write a value that is allowed"
    if meant:
        mend = f"at line {place.line}, write `{meant}` instead of `{place.text}`"
    elif not place.text:
        optional = field is not None and not field.is_required()
        mend = f"write a value at line {place.line}{', or remove the line' if optional else ''}"
    elif VERSION_KEYS & set(location):
        mend = f"at line {place.line}, write the number of a version; which there are: {_list_versions(location, file)}"
    elif example and isinstance(location[-1], str):
        mend += f", as in `{written(location)}: {example}`"
    return Mistake(
        line=place.line,
        key=dotted(in_file(location)),
        found=f"`{place.text}`" if place.text else "nothing",
        allowed=context.get("allowed") or _description(field),
        mend=mend,
    )


def bad_name(location: Location, error: ErrorDetails, file: StackFile) -> Mistake:
    """A name, such as a model's, that is used as a key and breaks a rule."""
    line, context = file.place(in_file(location)).line, error.get("ctx", {})
    name = context.get("repair")
    return Mistake(
        line=line,
        key=dotted(in_file(location)),
        found=f"the name `{location[-1]}`",
        allowed=context.get("allowed", "a name"),
        mend=f"at line {line}, write `{name}:`" if name else f"at line {line}, give it another name",
    )


def missing(location: Location, field: FieldInfo | None, file: StackFile) -> Mistake:
    """A key that has to be at `location` and is not."""
    line = file.place(in_file(location)).line
    return Mistake(
        line=line,
        key=dotted(in_file(location)),
        found="no such key",
        allowed=_description(field),
        mend=f"below line {line}, add `{written(location)}: {_example(field) or '…'}`",
    )


def _list_versions(location: Location, file: StackFile) -> str:
    """The command that lists the versions of the model at `location`, as far as the file says which it is."""
    models = file.config.get("rollpin:models")
    model = models.get(location[1]) if isinstance(models, dict) else None
    catalog, schema = (model.get(key, "…") if isinstance(model, dict) else "…" for key in ("catalog", "schema"))
    return f"databricks model-versions list {catalog}.{schema}.{location[1]}"


def _description(field: FieldInfo | None) -> str:
    return (field.description if field else None) or "what the README says"


def _example(field: FieldInfo | None) -> str:
    return str(field.examples[0]) if field and field.examples else ""
