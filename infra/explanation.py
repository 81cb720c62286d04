"""Puts pydantic's findings into the words of the stack file: what was found, what is allowed, what to type."""

from __future__ import annotations

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from infra.fields import field_at, keys_at
from infra.mistake import Mistake
from infra.nearness import nearest
from infra.repair import repair
from infra.stack_file import Location, StackFile, dotted

Models = type[BaseModel]
VERSION_KEYS = frozenset({"servedVersion", "warmVersions", "version"})


def mistakes(error: ValidationError, model: Models, file: StackFile) -> list[Mistake]:
    """Explain each error of validating the config of `file` as `model`."""
    return [_mistake(each, model, file) for each in error.errors(include_url=False)]


def in_file(location: Location) -> Location:
    """A setting's location as it is in the file: below `config`, with its namespace."""
    return ("config", f"rollpin:{location[0]}", *location[1:]) if location else ("config",)


def _mistake(error: ErrorDetails, model: Models, file: StackFile) -> Mistake:
    location: Location = tuple(part for part in error["loc"] if part != "[key]")
    if error["type"] == "extra_forbidden":
        return _unknown_key(location, keys_at(model, location[:-1]), file)
    if error["type"] == "missing":
        return _missing_key(location, field_at(model, location), file)
    if error["loc"][-1:] == ("[key]",):
        return _bad_key(location, error, file)
    return _bad_value(location, error, field_at(model, location), file)


def _unknown_key(location: Location, known: tuple[str, ...], file: StackFile) -> Mistake:
    line, key = file.place(in_file(location)).line, str(location[-1])
    near = nearest(key, known)
    mend = f"at line {line}, write `{_written(location, near)}:` instead of `{_written(location)}:`"
    return Mistake(
        line=line,
        key=dotted(in_file(location)),
        found="a key that nothing here reads",
        allowed=", ".join(_written(location, name) for name in known),
        mend=mend if near else f"remove line {line}",
    )


def _missing_key(location: Location, field: FieldInfo | None, file: StackFile) -> Mistake:
    line = file.place(in_file(location)).line
    return Mistake(
        line=line,
        key=dotted(in_file(location)),
        found="no such key",
        allowed=_description(field),
        mend=f"below line {line}, add `{_written(location)}: {_example(field) or '…'}`",
    )


def _bad_key(location: Location, error: ErrorDetails, file: StackFile) -> Mistake:
    line, context = file.place(in_file(location)).line, error.get("ctx", {})
    name = context.get("repair")
    return Mistake(
        line=line,
        key=dotted(in_file(location)),
        found=f"the name `{location[-1]}`",
        allowed=context.get("allowed", "a name"),
        mend=f"at line {line}, write `{name}:`" if name else f"at line {line}, give it another name",
    )


def _bad_value(location: Location, error: ErrorDetails, field: FieldInfo | None, file: StackFile) -> Mistake:
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
        mend += f", as in `{_written(location)}: {example}`"
    return Mistake(
        line=place.line,
        key=dotted(in_file(location)),
        found=f"`{place.text}`" if place.text else "nothing",
        allowed=context.get("allowed") or _description(field),
        mend=mend,
    )


def _list_versions(location: Location, file: StackFile) -> str:
    """The command that lists the versions of the model at `location`, as far as the file says which it is."""
    models = file.config.get("rollpin:models")
    model = models.get(location[1]) if isinstance(models, dict) else None
    catalog, schema = (model.get(key, "…") if isinstance(model, dict) else "…" for key in ("catalog", "schema"))
    return f"databricks model-versions list {catalog}.{schema}.{location[1]}"


def _written(location: Location, key: str = "") -> str:
    """A key as it is written in the file: with its namespace at the top level."""
    name = key or str(location[-1])
    return f"rollpin:{name}" if len(location) == 1 else name


def _description(field: FieldInfo | None) -> str:
    return (field.description if field else None) or "what the README says"


def _example(field: FieldInfo | None) -> str:
    return str(field.examples[0]) if field and field.examples else ""
