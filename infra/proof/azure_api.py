"""Asks Azure's management what it must say before anything is made there; the provider signs in for that too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pulumi_azure_native import authorization

MANAGEMENT = "https://management.azure.com"
PATIENCE = 10
"""Seconds in which Azure must answer: nothing depends on it."""
Body = Mapping[str, Any]


class SilentError(Exception):
    """Azure does not say, or not to whoever asks."""


@dataclass(frozen=True)
class AzureApi:
    """What is below one subscription, asked with a token of whoever is signed in."""

    subscription: str
    _token: str = field(repr=False)

    @classmethod
    def signed_in(cls) -> AzureApi:
        """By the engine's provider, with the credentials that the resources are made with; raises SilentError."""
        try:
            subscription = authorization.get_client_config().subscription_id
            return cls(str(subscription), str(authorization.get_client_token().token))
        except Exception as error:  # noqa: BLE001 - the SDK has no class of its own for what a provider refuses
            raise SilentError(str(error)) from None

    def ask(self, path: str, version: str) -> Body:
        """Give what is at `path` below the subscription, by one version of the API; raises SilentError."""
        return self._get(f"{MANAGEMENT}/subscriptions/{self.subscription}{path}?api-version={version}")

    def listed(self, path: str, version: str) -> Sequence[Body]:
        """Give all that is listed there, on however many pages; raises SilentError."""
        page = self.ask(path, version)
        found = list(page.get("value") or ())
        while following := page.get("nextLink"):
            page = self._get(str(following))
            found += page.get("value") or ()
        return found

    def _get(self, address: str) -> Body:
        if not address.startswith(f"{MANAGEMENT}/"):
            raise SilentError("Azure names a page that is not its own")
        found = fetch(address, self._token)
        if not isinstance(found, dict):
            raise SilentError("Azure answers with something else than a JSON object")
        return found


def fetch(address: str, token: str) -> Any:
    """Give the JSON that an address of Azure's answers with; raises SilentError."""
    import httpx  # a quarter of a second, which most runs never want

    try:
        answer = httpx.get(address, headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE)
        return answer.raise_for_status().json()
    except (httpx.HTTPError, OSError, ValueError) as error:
        raise SilentError(str(error)) from None
