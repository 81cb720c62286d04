"""The routes of the secrets in a scope. A value leaves by one of them alone, for whoever may read the scope."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from sandbox.workspace.api.bodies import router
from sandbox.workspace.api.errors import ApiError, absent, invalid
from sandbox.workspace.secret_scopes.encryption import decrypt, encrypt
from sandbox.workspace.secret_scopes.scope_bodies import SecretDelete, SecretPut
from sandbox.workspace.secret_scopes.scope_records import (
    KEY_VAULT,
    MOST_SECRETS,
    check_name,
    check_permitted,
    find_scope,
    kind_of,
    no_secret,
    secrets_of,
)
from sandbox.workspace.stores.documents import Document
from sandbox.workspace.stores.workspace import ADMIN, Here, Workspace, now

routes = router("/api/2.0/secrets")
MOST_BYTES = 128 * 1024
"""Bytes of a value."""


@routes.post("/put")
def put_secret(here: Here, body: SecretPut) -> dict[str, Any]:
    """Keep a secret, in place of the one that the key had."""
    check_name("key", body.key)
    value = _value(body)
    with here.documents.transaction():
        scope = _writable(here, body.scope)
        held = secrets_of(here.documents, scope)
        if body.key not in held and len(held) >= MOST_SECRETS:
            raise ApiError(400, "RESOURCE_LIMIT_EXCEEDED", f"A scope has at most {MOST_SECRETS} secrets.")
        kept = {"value": encrypt(here.home, value), "last_updated_timestamp": now()}
        here.documents.put(kind_of(scope), body.key, kept)
    return {}


def _value(body: SecretPut) -> bytes:
    """The value in bytes; no message shows any of it."""
    if (body.string_value is None) == (body.bytes_value is None):
        raise invalid("Exactly one of string_value and bytes_value must be given.")
    value = body.string_value.encode() if body.string_value is not None else _decoded(body.bytes_value or "")
    if len(value) > MOST_BYTES:
        raise invalid(f"The value of a secret has at most {MOST_BYTES} bytes, found {len(value)}.")
    return value


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise invalid("bytes_value: it is not base64.") from None


@routes.get("/list")
def list_secrets(here: Here, scope: str) -> dict[str, Any]:
    """List the keys of a scope and when each was put last."""
    name = _readable(here, scope)
    found = secrets_of(here.documents, name).items()
    return {"secrets": [{"key": key, "last_updated_timestamp": kept["last_updated_timestamp"]} for key, kept in found]}


@routes.get("/get")
def get_secret(here: Here, scope: str, key: str) -> Document:
    """Give a secret's value in base64."""
    name = _readable(here, scope)
    found = here.documents.get(kind_of(name), key)
    if found is None:
        raise no_secret(name, key)
    return {"key": key, "value": base64.b64encode(decrypt(here.home, found["value"])).decode()}


@routes.post("/delete")
def delete_secret(here: Here, body: SecretDelete) -> dict[str, Any]:
    """Remove a secret."""
    with here.documents.transaction():
        scope = _writable(here, body.scope)
        if here.documents.get(kind_of(scope), body.key) is None:
            raise no_secret(scope, body.key)
        here.documents.delete(kind_of(scope), body.key)
    return {}


def _readable(here: Workspace, name: str) -> str:
    """The name of a scope that the caller may read here; raises ApiError."""
    scope = find_scope(here.documents, name)
    check_permitted(here, scope["name"], ADMIN, "READ")
    if scope["backend_type"] == KEY_VAULT:
        raise absent(f"the secrets of scope {scope['name']}, which are in an Azure Key Vault; it keeps the scope alone")
    return str(scope["name"])


def _writable(here: Workspace, name: str) -> str:
    """The name of a scope that the caller may write to; raises ApiError."""
    scope = find_scope(here.documents, name)
    check_permitted(here, scope["name"], ADMIN, "WRITE")
    if scope["backend_type"] == KEY_VAULT:
        raise ApiError(400, "BAD_REQUEST", f"Cannot write secrets to Azure KeyVault-backed scope {scope['name']}")
    return str(scope["name"])
