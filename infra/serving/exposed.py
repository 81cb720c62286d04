"""Refuses to take over an endpoint with a credential in a variable: the engine shows and keeps what it imports."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from infra.proof import thing
from infra.serving.live_endpoint import LiveEndpoint
from infra.settings.mistake import SettingsError, told
from infra.settings.schema import Settings
from model_ops import credential
from model_ops.commands import Commands


def confirm(settings: Settings, live: Mapping[str, LiveEndpoint], owned: Collection[str], commands: Commands) -> None:
    """Raise SettingsError where an endpoint that this run would import holds one; `owned` are the stack's own already.

    What it takes over is in the preview and in the state as it was read, in plain text.
    """
    refused = [
        told(
            f"  rollpin:models.{name}.endpoint",
            f"endpoint {endpoint} with {words} in the variable {variable} of version {version} (not shown)",
            "a reference to a secret: the engine would show what it imports, and keep it in the stack's state",
            f"put it into a secret scope: databricks secrets put-secret {name} {variable.lower().replace('_', '-')}",
            f"then let the endpoint refer to it, and take it over: {commands.engine('preview')}",
        )
        for name, model in settings.models.items()
        if (model.adopt or model.endpoint.adopt) and not model.retired
        for endpoint in [model.endpoint_name(name)]
        if thing.endpoint(endpoint, name).label not in owned
        for version, variable, words in _credentials(live[name])
    ]
    if refused:
        raise SettingsError(
            "\n".join(["An endpoint cannot be taken over as it is. No resource was touched.", *refused])
        )


def _credentials(live: LiveEndpoint) -> Iterator[tuple[int, str, str]]:
    """Version, variable and kind of each credential among the endpoint's variables."""
    for version, variables in live.environments.items():
        for name, value in sorted(variables.items()):
            if words := credential.kind(name, value):
                yield version, name, words
