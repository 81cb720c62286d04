"""What somebody answers who makes this repository their own: frozen, checked when it is made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from model_ops.errors import TemplateError
from model_ops.stack import LOCAL
from model_ops.stack_name import STACK_NAME

PlatformKind = Literal["adopt", "create", "apart"]
"""`apart` creates it in a stack of its own, from which the named one serves."""
STACKS = ("test", "prod")
"""Those of who names none."""
OF_STACK = "{stack}"
"""What stands for the stack's name in a catalog's or a model's name."""
PROJECT = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,99}")
MODEL_PARTS = 3
OWNER = re.compile(r"@[A-Za-z0-9][A-Za-z0-9-]*(?:/[A-Za-z0-9._-]+)?|[^@\s#]+@[^@\s#]+\.[^@\s#]+")


@dataclass(frozen=True, kw_only=True)
class StackAnswer:
    """One stack in the cloud; what is empty is written as an example, marked FILL IN."""

    name: str
    """Where the platform is apart, that of the stack which serves."""
    platform: PlatformKind = "adopt"
    host: str = ""
    resource_id: str = ""
    region: str = ""
    metastore: str = ""

    def __post_init__(self) -> None:
        """Raise TemplateError where it is no stack, or its platform is of no kind."""
        if not STACK_NAME.fullmatch(self.name) or self.name == LOCAL:
            raise TemplateError(
                f"A stack cannot be called {self.name!r}. Allowed: letters, digits, `_`, `.` and `-`, at most 100; "
                f"not {LOCAL!r}, which is the sandbox's and always there. As in: --stack test --stack prod"
            )
        if self.platform not in get_args(PlatformKind):
            raise TemplateError(
                f"The platform of stack {self.name} cannot be {self.platform!r}. Allowed: adopt, a workspace that "
                f"exists; create, a whole platform; apart, the same in a stack of its own. "
                f"As in: --platform {self.name}=adopt"
            )
        if self.platform == "adopt" and (self.region or self.metastore):
            raise TemplateError(
                f"Stack {self.name} adopts a workspace, which has its region and metastore already. Leave them out, "
                f"or: --platform {self.name}=create"
            )
        if self.platform != "adopt" and (self.host or self.resource_id):
            raise TemplateError(
                f"Stack {self.name} creates its workspace, which has no address yet. Leave --host and --resource-id "
                f"out, or: --platform {self.name}=adopt"
            )

    @property
    def names(self) -> tuple[str, ...]:
        """The stacks that there are files for, in the order in which they are deployed."""
        return (f"{self.name}-platform", self.name) if self.platform == "apart" else (self.name,)


@dataclass(frozen=True, kw_only=True)
class Answers:
    """All answers: `model` is the first one's full name, in which `{stack}` stands for the stack's name.

    `state` is the address of Pulumi's backend, empty where the environment says it; `key_vault` is the address of the
    key that encrypts secrets there, for each stack. `owners` are those of everything that a deployment runs on;
    `stack_owners` those of single stacks.
    """

    project: str
    stacks: tuple[StackAnswer, ...]
    model: str
    state: str = ""
    key_vault: str = ""
    owners: tuple[str, ...] = ()
    stack_owners: tuple[tuple[str, tuple[str, ...]], ...] = ()
    example: bool = True

    def __post_init__(self) -> None:
        """Raise TemplateError, with what is allowed, where an answer is none."""
        require_project(self.project)
        require_model(self.model)
        names = self.names
        if not names or len({name.lower() for name in names}) != len(names):
            raise TemplateError(
                f"The stacks cannot be {', '.join(names) or 'none'}. Expected: one or more, each once, in the order in "
                "which they are deployed. As in: --stack test --stack prod"
            )
        for owner in (*self.owners, *(owner for _, owners in self.stack_owners for owner in owners)):
            if not OWNER.fullmatch(owner):
                raise TemplateError(
                    f"{owner!r} cannot own a file. Allowed: a team, a person, or an e-mail address. "
                    "As in: --owner @acme/ml-platform --owner prod=@acme/on-call"
                )
        if strangers := [name for name, _ in self.stack_owners if name not in names]:
            raise TemplateError(f"There is no stack {strangers[0]} to own. There is: {', '.join(names)}.")

    @property
    def names(self) -> tuple[str, ...]:
        """All stacks in the cloud, in the order in which they are deployed."""
        return tuple(name for stack in self.stacks for name in stack.names)

    def parts(self, stack: str) -> tuple[str, str, str]:
        """Catalog, schema and name of the first model in a stack; no part of them can have a stack's dots."""
        named = stack.lower().replace(".", "_")
        catalog, schema, model = (part.replace(OF_STACK, named) for part in self.model.split("."))
        return catalog, schema, model


def require_project(name: str) -> str:
    """Give the name back; raises TemplateError where Pulumi takes no project of that name."""
    if not PROJECT.fullmatch(name):
        raise TemplateError(
            f"The project cannot be called {name!r}. Allowed: letters, digits, `_`, `.` and `-`, the first a letter, "
            "at most 100. As in: --name assistants"
        )
    return name


def require_model(name: str) -> str:
    """Give the name back; raises TemplateError where it has not its three parts, or they vary in the wrong one."""
    parts = name.split(".")
    if len(parts) != MODEL_PARTS or not all(parts) or OF_STACK in parts[2]:
        raise TemplateError(
            f"{name!r} is no model's full name. Expected: catalog, schema and name, with dots between them; {OF_STACK} "
            f"in catalog or schema stands for the stack's name. As in: --model '{OF_STACK}.serving.churn'"
        )
    return name
