"""Says where a stack's workspace answers, before any resource is registered."""

from __future__ import annotations

from collections.abc import Mapping

from infra.settings.mistake import SettingsError
from infra.settings.schema import Settings

NO_WORKSPACE = """\
This stack names no workspace. No resource was touched.
  rollpin:platform
     found:   no such key, and no DATABRICKS_HOST in the environment
     allowed: one of them
     mend:    on the sandbox: make up STACK=local; elsewhere: export DATABRICKS_HOST=https://…, or write
              `rollpin:platform:` with `adopt:` into the stack's file"""


def address(settings: Settings, environment: Mapping[str, str], last: str | None = None) -> str | None:
    """Where the workspace answers already, None where it may be yet to be created; raises SettingsError.

    Known before any resource is registered, so that pins can be looked up there. One that the stack creates, and that
    the environment does not name, is where the `last` run left it: asked nothing, it would not say what others hold.
    """
    if settings.platform and settings.platform.adopt:
        return settings.platform.adopt.host
    host = environment.get("DATABRICKS_HOST", "").rstrip("/")
    if not host and settings.platform is None:
        raise SettingsError(NO_WORKSPACE)
    return f"https://{host}" if host and "://" not in host else host or last
