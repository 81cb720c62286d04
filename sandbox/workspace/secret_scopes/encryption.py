"""Encrypts secrets before they are kept, with a key in a file of the sandbox's own."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken

from sandbox.home import Home, write_private
from sandbox.workspace.api.errors import ApiError


def encrypt(home: Home, value: bytes) -> str:
    """Give a value in the form in which it is kept; the key is made at first use."""
    return _cipher(home).encrypt(value).decode()


def decrypt(home: Home, kept: str) -> bytes:
    """Give the value back; raises ApiError where the key is not the one that it was encrypted with."""
    try:
        return _cipher(home).decrypt(kept)
    except InvalidToken:
        raise _unreadable(home) from None


def _cipher(home: Home) -> Fernet:
    file = home.secrets_key_file
    if not file.exists():
        write_private(file, Fernet.generate_key().decode() + "\n")
    file.chmod(0o600)
    try:
        return Fernet(file.read_text().strip())
    except ValueError:
        raise _unreadable(home) from None


def _unreadable(home: Home) -> ApiError:
    return ApiError(
        500,
        "INTERNAL_ERROR",
        f"{home.secrets_key_file} is not the key that this secret was encrypted with. Put the right file back, or "
        "remove it and put each secret again.",
    )
