"""Plans to take endpoints that exist into a stack's file: read, shown first, then written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from model_ops.adopting.entry import Entry, Surroundings, pinned_version, read_entry
from model_ops.adopting.stack_text import DEFAULTS, MODELS, TAGS, settings, with_entry
from model_ops.deployed import DeployedStack
from model_ops.did_you_mean import did_you_mean
from model_ops.errors import AbsentError, ModelOpsError, PinError, PlanError, VersionError
from model_ops.pinning.file_edit import FileEdit, content, refused
from model_ops.pinning.layering import over
from model_ops.pinning.program import require_file_taken
from model_ops.served import Endpoint
from model_ops.workspace.registry import Registry
from model_ops.workspace.tracking import Tracking

ENDPOINTS = "/api/2.0/serving-endpoints"


@dataclass(frozen=True, kw_only=True)
class Adoption(FileEdit):
    """Entries that are planned for a stack's file, and what they leave unsaid."""

    entries: tuple[Entry, ...]
    left_out: tuple[str, ...]
    """Why an endpoint that was not named cannot be one."""
    notes: Mapping[str, tuple[str, ...]]
    """By entry, what of its endpoint stays as it is, or is added to it."""


def plan_adoption(stack: DeployedStack, name: str | None) -> Adoption:
    """Plan to take the endpoint `name` into the stack's file, or with None every one that can be and is in no entry.

    Nothing is touched. Raises PlanError where the endpoint is not there or cannot be an entry, PinError where the file
    cannot be read or added to, and WorkspaceError.
    """
    try:
        before = content(stack.file).decode()
        plan = _Plan(stack, before)
        entries, left_out = plan.entries(name)
        after = before
        for entry in entries:
            after = with_entry(after, entry.name, entry.settings)
        require_file_taken(stack.file, after.encode(), stack.name, "with these entries")
    except (PinError, OSError, UnicodeDecodeError) as error:
        raise refused(stack.file, error) from None
    return Adoption(
        path=stack.file,
        before=before.encode(),
        after=after.encode(),
        entries=entries,
        left_out=left_out,
        notes=dict(plan.notes),
    )


class _Plan:
    def __init__(self, stack: DeployedStack, text: str) -> None:
        self._stack, self._config = stack, settings(text)
        self._defaults: dict[str, Any] = dict(self._config.get(DEFAULTS) or {})
        models = dict(self._config.get(MODELS[1]) or {})
        self._models: dict[str, Any] = {key: over(dict(each or {}), self._defaults) for key, each in models.items()}
        self._served = {model.endpoint_name for model in stack.target.models.values()}
        self._served |= {str((each.get("endpoint") or {}).get("name") or key) for key, each in self._models.items()}
        self.notes: dict[str, tuple[str, ...]] = {}

    def entries(self, name: str | None) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
        """The entry of the endpoint `name`; or those of all that there are, and why some cannot be."""
        if name is not None:
            return (self._entry(self._named(name)),), ()
        found, refused = [], []
        for endpoint in self._all():
            try:
                found.append(self._entry(endpoint))
            except PlanError as error:
                refused.append(str(error))
        return tuple(found), tuple(refused)

    def _named(self, name: str) -> Endpoint:
        if name in self._served:
            raise PlanError(f"{self._stack.file.name} has an entry for endpoint {name} already. Look for it there.")
        endpoint = self._stack.workspace.endpoint(name)
        if endpoint is None:
            there = sorted(str(each["name"]) for each in self._listed())
            listed = f"It has: {', '.join(there) or 'none'}.{did_you_mean(name, there)}"
            raise PlanError(f"{self._stack.workspace.url} has no endpoint {name}. {listed}")
        return endpoint

    def _all(self) -> Iterator[Endpoint]:
        for each in self._listed():
            if each["name"] not in self._served and (found := self._stack.workspace.endpoint(str(each["name"]))):
                yield found

    def _listed(self) -> list[Mapping[str, Any]]:
        return list(self._stack.workspace.ask(ENDPOINTS).get("endpoints") or ())

    def _entry(self, endpoint: Endpoint) -> Entry:
        full_name, version = pinned_version(endpoint)
        tags = dict(self._config.get(TAGS) or {})
        around = Surroundings(
            experiment=self._experiment(full_name, version),
            taken=self._models,
            places=self._places(),
            tags=tags,
            created=self._created(),
            defaults=self._defaults,
        )
        entry = read_entry(endpoint, around)
        self._models[entry.name] = over(dict(entry.settings), self._defaults)
        self.notes[entry.name] = (*entry.unsaid, *self._access(endpoint), *self._added(endpoint, tags))
        return entry

    def _experiment(self, full_name: str, version: int) -> str | None:
        """The path of the experiment that the version was trained in, where a stack can have it."""
        try:
            run_id = Registry(self._stack.workspace).version(full_name, version).run_id
            if not run_id:
                return None
            tracking = Tracking(self._stack.workspace)
            found = tracking.experiment(tracking.run(run_id).experiment_id)
        except (AbsentError, VersionError):
            return None
        others = {model.experiment_name for model in self._stack.target.models.values()}
        others |= {str((each.get("experiment") or {}).get("name")) for each in self._models.values()}
        named = found.name.startswith("/") and found.name.strip("/").count("/") > 0
        return found.name if named and not found.deleted and found.name not in others else None

    def _created(self) -> set[str]:
        models = {key: each for key, each in self._models.items() if each.get("createModel", True)}
        return {
            f"{each.get('catalog')}.{each.get('schema')}.{each.get('model') or key}" for key, each in models.items()
        }

    def _places(self) -> dict[tuple[str, str], tuple[bool, bool]]:
        return {
            (str(each.get("catalog")), str(each.get("schema"))): (
                bool(each.get("createCatalog", False)),
                bool(each.get("createSchema", True)),
            )
            for each in self._models.values()
        }

    def _access(self, endpoint: Endpoint) -> Iterator[str]:
        try:
            found = self._stack.workspace.ask(f"/api/2.0/permissions/serving-endpoints/{endpoint['id']}")
        except ModelOpsError:
            yield "who may do what with it: this identity may not see that"
            return
        fate = (
            "`access` of rollpin:defaults goes before it"
            if self._defaults.get("access")
            else "without `access` it stays"
        )
        for entry in found.get("access_control_list") or ():
            who = entry.get("group_name") or entry.get("service_principal_name") or entry.get("user_name")
            levels = [str(each["permission_level"]) for each in entry["all_permissions"] if not each.get("inherited")]
            if levels:
                yield f"permission of {who}: {', '.join(levels)}; {fate}"

    def _added(self, endpoint: Endpoint, tags: Mapping[str, Any]) -> Iterator[str]:
        tags = {**tags, **(self._defaults.get("tags") or {})}
        has = {tag["key"]: str(tag.get("value") or "") for tag in endpoint.get("tags") or ()}
        if lacking := [key for key, value in tags.items() if has.get(key) != str(value)]:
            yield f"the stack's own tags, which the next `up` adds: {', '.join(lacking)}"
