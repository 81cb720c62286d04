"""Says whether a change needs another endpoint in place of the one that serves: an outage, which a stack allows."""

from __future__ import annotations

from collections.abc import Mapping

from infra.serving.live_endpoint import LiveEndpoint
from infra.settings.mistake import SettingsError, told
from infra.settings.schema import Settings
from model_ops.commands import Commands
from model_ops.target import LET_GO

NOW = "now"


def confirm(settings: Settings, live: Mapping[str, LiveEndpoint], commands: Commands) -> None:
    """Raise SettingsError where a model's endpoint would be replaced and its settings do not say that it may be."""
    refused = [
        told(
            f"  rollpin:models.{name}.endpoint.routeOptimized",
            f"`{_yes(model.endpoint.route_optimized)}`, but endpoint {model.endpoint_name(name)} was made with "
            f"`{_yes(live[name].route_optimized)}`",
            "what it was made with; another one is another endpoint: this one is deleted first, and nothing answers "
            "until the new one serves",
            f"in {commands.file}, write `routeOptimized: {_yes(live[name].route_optimized)}`; "
            "or, beside it, `replace: true`",
        )
        for name, model in settings.models.items()
        if not model.retired and not model.endpoint.replace and differs(model.endpoint.route_optimized, live[name])
    ]
    if refused:
        head = "A change would delete an endpoint that serves, and make another one. No resource was touched."
        raise SettingsError("\n".join([head, *refused]))


def progress(said: bool | None, live: LiveEndpoint, *, protected: bool, let_go: bool) -> str | None:
    """How far a replacement is: the engine replaces nothing that its state protects, so a first run lets go of it."""
    if not differs(said, live):
        return None
    return NOW if let_go or not protected else LET_GO


def differs(said: bool | None, live: LiveEndpoint) -> bool:
    """Whether there is an endpoint that was made otherwise than a stack says."""
    return live.exists and said is not None and said != live.route_optimized


def _yes(value: bool | None) -> str:
    return str(bool(value)).lower()
