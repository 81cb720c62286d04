"""The plan of an `init`: from the files that are there and the answers to the files that will be."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from model_ops.forge import pipeline_stacks
from model_ops.template import attributes, example, owners, passages, project_file, record
from model_ops.template.answers import Answers
from model_ops.template.passages import Gone
from model_ops.template.stack_text import filled, stack_files

Files = Mapping[str, bytes]
"""A repository: what each file holds, by its path from the top."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One file that is written or taken out; `before` is None where there is none, `after` where it goes."""

    path: str
    before: bytes | None
    after: bytes | None

    @property
    def what(self) -> Literal["add", "change", "remove"]:
        """In a word."""
        return "add" if self.before is None else "remove" if self.after is None else "change"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What an `init` does, and which files it leaves alone because somebody edited them."""

    changes: tuple[Change, ...]
    kept: tuple[str, ...]
    gone: tuple[str, ...]
    """Folders and files that are taken out, each once: not what is in them."""


def make(files: Files, answers: Answers, *, overwrite: bool = False) -> Plan:
    """Plan what turns `files` into the repository of `answers`.

    A stack's file or a CODEOWNERS that somebody edited is kept, unless `overwrite`.
    """
    known = record.read(files.get(record.PATH))
    written = _written(answers)
    old = {path for path in known.written if path in files and path not in written}
    touched = {path for path in {*written, *old} if path in files and not known.untouched(path, files[path])}
    kept = set() if overwrite else {path for path in touched if files[path] != written.get(path)}
    gone = _gone(files, answers)
    after: dict[str, bytes] = {
        path: text for path, text in files.items() if path not in old - kept and not gone.has(path)
    }
    after |= {
        path: _adapted(path, text.decode(), answers, gone).encode() for path, text in after.items() if _is_told(path)
    }
    after |= {path: text for path, text in written.items() if path not in kept}
    after[attributes.PATH] = attributes.attributes(files.get(attributes.PATH, b"").decode()).encode()
    # Of what is kept the last digest stays: it tells that the file was edited.
    digests = {path: known.written.get(path, "") if path in kept else record.digest(after[path]) for path in written}
    after[record.PATH] = record.text(_plain(answers), digests)
    return Plan(changes=tuple(_changes(files, after)), kept=tuple(sorted(kept)), gone=gone.paths)


def _written(answers: Answers) -> dict[str, bytes]:
    names = answers.names
    pipelines = pipeline_stacks.text(names, dict(zip(names[1:], names, strict=False)))
    files = {**stack_files(answers), owners.PATH: owners.codeowners(answers), pipeline_stacks.FILE: pipelines}
    return {path: text.encode() for path, text in files.items() if text}


def _gone(files: Files, answers: Answers) -> Gone:
    paths = [path for path in example.OF_TEMPLATE if Gone((path,)).has(path) and _there(path, files)]
    makefile = files.get("Makefile", b"").decode()
    cut = passages.without_marked(makefile, _words(answers))
    targets = passages.targets(makefile) - passages.targets(cut)
    if not answers.example:
        paths += example.going(files)
    return Gone(tuple(sorted(paths)), tuple(sorted(targets)))


def _there(path: str, files: Files) -> bool:
    return any(Gone((path,)).has(file) for file in files)


def _words(answers: Answers) -> list[str]:
    return ["template"] if answers.example else ["template", "example"]


def _adapted(path: str, text: str, answers: Answers, gone: Gone) -> str:
    """What a file that stays is told of what goes, and of the project's name."""
    if path == "Pulumi.yaml":
        return project_file.kept_in(project_file.renamed(text, answers.project), answers.state)
    if path == "Makefile":
        return passages.without_marked(text, _words(answers))
    if path == "pyproject.toml":
        return text if answers.example else example.packages(text)
    if path == "README.md":
        stacks = ", ".join(f"`{name}`" for name in answers.names)
        own = filled("README.md", project=answers.project, stacks=stacks)
        text = passages.without_marked(text, ["own", *_words(answers)], own)
        return passages.without_gone(text, gone, path)
    return passages.without_gone(passages.without_marked(text, _words(answers)), gone, path)


def _is_told(path: str) -> bool:
    """Whether a file speaks of the example: the guides, and what builds and names the project."""
    guide = path.endswith(".md") and (path.startswith("docs/") or "/" not in path) and path != "CHANGELOG.md"
    return guide or path in {"Pulumi.yaml", "Makefile", "pyproject.toml"}


def _plain(answers: Answers) -> dict[str, Any]:
    found: dict[str, Any] = dataclasses.asdict(answers)
    found["stacks"] = [dict(stack) for stack in found["stacks"]]
    found["owners"] = list(answers.owners)
    found["stack_owners"] = {stack: list(names) for stack, names in answers.stack_owners}
    return found


def _changes(before: Files, after: Files) -> Iterator[Change]:
    for path in sorted({*before, *after}):
        if before.get(path) != after.get(path):
            yield Change(path=path, before=before.get(path), after=after.get(path))
