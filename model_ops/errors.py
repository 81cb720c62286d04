"""The errors that model_ops raises.

ModelOpsError
├── StackError       a stack that cannot be asked: not deployed, no engine, outputs missing
├── WorkspaceError   a workspace that does not answer, or refuses the credentials
│   └── AbsentError  a workspace that answers, and has nothing at what was asked for
├── VersionError     a version that cannot be shown: it does not exist, its run or a file of it is gone
├── SignatureError   a signature that cannot be read: no JSON, a type that MLflow does not write
├── CheckError       a version that is refused: the checks that failed are in the message
├── PlanError        a change that makes no sense: nothing to go back to, nothing to change
├── PinError         a pin that cannot be read or written: no such key, not a version, edited meanwhile
├── GitError         a repository in which nothing can be committed: dirty, detached, half merged, none at all
├── ForgeError       a place of pull requests that refuses, does not answer, or is not known
│   ├── UnsureError    one whose answer was lost: what was asked may have been done
│   └── ReadOnlyError  one whose token may read and not write, as in a fork's pull request
├── AzureError       an Azure CLI that is not there, or a command of it that fails
│   ├── UnsignedError   one that nobody is signed in to
│   └── ForbiddenError  one whose user lacks a role
├── BootstrapError   a bootstrap that lacks what it must know, or finds what it cannot tell apart
├── TemplateError    a repository that cannot be made one's own: an answer that is none, files in the way
├── HistoryError     a question to the past that has no answer: not a time
├── EventError       an event of a registry that tells of no new version, or is not signed
├── ModelError       a model that is not there, does not load, or does not answer what its signature says
├── RequestError     a request that does not fit what the model takes, or is no JSON
├── RowsError        a batch that cannot be read, does not fit the signature, or cannot be written
├── SparkError       Spark that cannot start, or gives up
└── ExtraError       an extra that is not installed: what needs it is in the message

Each message says what was found, what was expected and what to type next.
"""

from __future__ import annotations


class ModelOpsError(Exception):
    """The root of the tree; the command line prints it and exits 1."""

    @property
    def headline(self) -> str:
        """Its first line: what was found."""
        return first_line(self)


class StackError(ModelOpsError):
    """A stack cannot be asked what it pins."""


class WorkspaceError(ModelOpsError):
    """A workspace does not answer, or refuses the credentials."""


class AbsentError(WorkspaceError):
    """A workspace has nothing at what was asked for; the message holds its own words."""


class VersionError(ModelOpsError):
    """A version does not exist, or something that belongs to it does not."""


class SignatureError(ModelOpsError):
    """A model's signature cannot be read."""


class CheckError(ModelOpsError):
    """A version may not be served here."""


class PlanError(ModelOpsError):
    """A change that was asked for makes no sense."""


class PinError(ModelOpsError):
    """A pin cannot be read from a stack file, or written to it."""


class GitError(ModelOpsError):
    """Nothing can be committed in a repository as it stands."""


class ForgeError(ModelOpsError):
    """The place where pull requests live refuses, does not answer, or is not known."""


class UnsureError(ForgeError):
    """Something was sent there, and it is not known whether it was done."""


class ReadOnlyError(ForgeError):
    """A token may read there and not write."""


class AzureError(ModelOpsError):
    """The Azure CLI is not there, or a command of it fails."""


class UnsignedError(AzureError):
    """Nobody is signed in to the Azure CLI, or no more."""


class ForbiddenError(AzureError):
    """Whoever is signed in to Azure lacks a role."""


class BootstrapError(ModelOpsError):
    """A bootstrap lacks what it must know, or finds what it cannot tell apart."""


class TemplateError(ModelOpsError):
    """A repository cannot be made one's own as it was answered."""


class HistoryError(ModelOpsError):
    """A question to the past has no answer."""


class EventError(ModelOpsError):
    """An event of a registry tells of no new version, or is not signed by who may send it."""


class ModelError(ModelOpsError):
    """A model is not there, does not load, or does not answer what its signature says."""


class RequestError(ModelOpsError):
    """A request does not fit what the model takes, or is no JSON."""


class RowsError(ModelOpsError):
    """A batch cannot be read, does not fit the model's signature, or cannot be written."""


class SparkError(ModelOpsError):
    """Spark cannot start, or gives up."""


class ExtraError(ModelOpsError):
    """An extra is needed and not installed."""


def in_one_line(words: str) -> str:
    """Give a message of several lines as one, sentence by sentence."""
    return ". ".join(line.strip().rstrip(".") for line in words.splitlines() if line.strip())


def first_line(error: BaseException) -> str:
    """Give what went wrong in one line; of a time-out also what it was that kept failing."""
    line = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return f"{line}: {first_line(error.__cause__)}" if isinstance(error, TimeoutError) and error.__cause__ else line
