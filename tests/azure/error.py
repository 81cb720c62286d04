"""What Azure refuses, in the words of the provider for it."""

from __future__ import annotations

from engine.stand_in.failures import ProviderError


class AzureError(ProviderError):
    """An answer of Azure's that is no success, as pulumi-azure-native tells it (`PulumiAzcoreResponseError`)."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f'Status={status} Code="{code}" Message="{message}"')
        self.code = code


def invalid(code: str, message: str) -> AzureError:
    """Answer 400."""
    return AzureError(400, code, message)
