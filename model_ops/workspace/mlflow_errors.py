"""Says what MLflow, the SDK and a model's own code complain about, in one message with what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from model_ops.commands import program
from model_ops.errors import ModelError, ModelOpsError, WorkspaceError

NOT_THERE = frozenset({"RESOURCE_DOES_NOT_EXIST", "NOT_FOUND", "ENDPOINT_NOT_FOUND"})
REFUSED = frozenset({"PERMISSION_DENIED", "UNAUTHENTICATED", "CUSTOMER_UNAUTHORIZED"})
ALIAS = re.compile(r"model alias \S+ not found", re.IGNORECASE)  # MLflow's own code for it is INVALID_PARAMETER_VALUE
UNREACHABLE = re.compile(
    r"Max retries exceeded|Connection (refused|reset|aborted)|ConnectionError|NewConnectionError|NameResolution|"
    r"Timed out after|timed? ?out|Temporary failure in name resolution|TEMPORARILY_UNAVAILABLE",
    re.IGNORECASE,
)
UNAUTHORIZED = re.compile(
    r"\b(401|403)\b|Invalid access token|PERMISSION_DENIED|UNAUTHENTICATED|"
    r"token (is|has) expired|credential configuration failed|default auth",
    re.IGNORECASE,
)


@contextmanager
def explained(model_uri: str) -> Iterator[None]:
    """Raise WorkspaceError or ModelError, on few lines, for whatever goes wrong with a model inside."""
    try:
        yield
    except ModelOpsError:
        raise
    except ModuleNotFoundError as error:
        raise ModelError(_not_installed(model_uri, error)) from None
    except Exception as error:
        raise _translated(model_uri, error) from error


def _translated(model_uri: str, error: Exception) -> ModelOpsError:
    code, reason = getattr(error, "error_code", ""), first_line(error)
    if missing := _missing_module(error):
        return ModelError(_not_installed(model_uri, missing))
    if code in REFUSED or UNAUTHORIZED.search(reason):
        return WorkspaceError(
            f"The workspace refuses to show {model_uri}: {reason}\n"
            "Check that the token is still good (DATABRICKS_TOKEN) and that its owner has EXECUTE on the model."
        )
    if UNREACHABLE.search(reason):
        return WorkspaceError(
            f"The workspace of {model_uri} does not answer: {reason}\n"
            "Check the network, or start the sandbox (make sandbox), then run this again."
        )
    if code in NOT_THERE or isinstance(error, FileNotFoundError) or ALIAS.search(reason):
        return ModelError(f"There is no {model_uri}: {reason}\n{_look(model_uri)}")
    return ModelError(f"{model_uri} does not load: {reason}\nLog it again so that it loads elsewhere, or take another.")


def first_line(error: BaseException) -> str:
    """The first line of what an error says, or its name where it says nothing; without the SDK's list of settings."""
    return next(iter(str(error).partition(". Config: host=")[0].strip().splitlines()), type(error).__name__)[:500]


def _look(model_uri: str) -> str:
    listing = f"{program()} versions --stack NAME"
    if model_uri.startswith("runs:"):
        return f"Expected runs:/<run id>/<artifact path>, such as runs:/…/chain. See them: {listing}"
    return f"Expected models:/<catalog>.<schema>.<model>/<version>. See which there are: {listing}"


def _missing_module(error: BaseException | None) -> ModuleNotFoundError | None:
    while error is not None:
        if isinstance(error, ModuleNotFoundError):
            return error
        error = error.__cause__ or error.__context__
    return None


def _not_installed(model_uri: str, error: ModuleNotFoundError) -> str:
    package = (error.name or "").partition(".")[0]
    version = _logged_with(model_uri, package)
    wanted = f"'{package}=={version}'" if version else package
    return (
        f"{model_uri} does not load: {first_line(error)}. Its MLmodel file wants {package}"
        f"{f' {version}' if version else ''} here.\nInstall it: pip install {wanted}"
    )


def _logged_with(model_uri: str, package: str) -> str | None:
    """The version of a package that the MLmodel's flavors name, such as `langchain_version`; None if they do not."""
    import mlflow

    try:
        flavors = mlflow.models.get_model_info(model_uri).flavors
    except Exception:  # noqa: BLE001 - the first error is the one to tell
        return None
    found = (flavor.get(f"{package}_version") for flavor in flavors.values())
    return next((str(version) for version in found if version), None)
