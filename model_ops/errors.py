"""The errors that model_ops raises.

ModelOpsError
├── StackError       a stack that cannot be asked: not deployed, no engine, outputs missing
├── WorkspaceError   a workspace that does not answer, or refuses the credentials
├── PinError         a pin that cannot be written: no such key, not a version
├── SignatureError   a signature that cannot be read: no JSON, a type that MLflow does not write
├── HistoryError     a question to the past that has no answer: not a time
├── GitError         a repository in which nothing can be committed: dirty, detached, half merged, none at all
├── ModelError       a model that is not there, does not load, or does not answer what its signature says
├── RowsError        a batch that cannot be read, does not fit the signature, or cannot be written
└── SparkError       Spark that cannot start, or gives up

Each message says what was found, what was expected and what to type next.
"""

from __future__ import annotations


class ModelOpsError(Exception):
    """The root of the tree; the command line prints it and exits 1."""


class StackError(ModelOpsError):
    """A stack cannot be asked what it pins."""


class WorkspaceError(ModelOpsError):
    """A workspace does not answer, or refuses the credentials."""


class PinError(ModelOpsError):
    """A pin cannot be written to a stack file."""


class SignatureError(ModelOpsError):
    """A model's signature cannot be read."""

    """A pin cannot be read from a stack file, or written to it."""


class HistoryError(ModelOpsError):
    """What served when cannot be told: what was asked for is not a time."""


class GitError(ModelOpsError):
    """Nothing can be committed in a repository as it stands."""


class ModelError(ModelOpsError):
    """A model is not there, does not load, or does not answer what its signature says."""


class RowsError(ModelOpsError):
    """A batch cannot be read, does not fit the model's signature, or cannot be written."""


class SparkError(ModelOpsError):
    """Spark cannot start, or gives up."""
