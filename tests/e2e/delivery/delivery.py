"""A repository on GitHub, two workspaces, and the people who change, merge and approve: what stories are told by."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
from databricks.sdk import WorkspaceClient

from sandbox.home import Home
from tests.e2e.delivery import workflow
from tests.e2e.delivery.github_api import REPOSITORY, head
from tests.e2e.delivery.machine import Machine
from tests.e2e.delivery.repository import PERSON, ROOT, Event, Repository
from tests.e2e.delivery.run import STAND_INS, Place, Run

MODEL = "chatbot"
STRANGER = {"login": "mallory", "id": 66}
Edit = Callable[[Path], None]


@dataclass
class Delivery:
    """What a story acts on and asks."""

    place: Place
    repository: Repository
    homes: Mapping[str, Home]
    """The sandboxes, by the stacks whose workspaces they stand for."""
    runs: list[Run] = field(default_factory=list)

    def propose(self, branch: str, edit: Edit, title: str = "Change a stack", user: Any = PERSON) -> int:
        """Open a pull request of an edit of main; gives its number."""
        self.repository.branch(branch, edit, title)
        pull = self.place.api.open("pull", user, title=title, body="", head=head(branch))
        return int(pull["number"])

    def open(
        self, branch: str, edit: Edit, title: str = "Change a stack", repository: str = REPOSITORY
    ) -> tuple[int, Run]:
        """The same, with the run of its preview, which goes on."""
        number = self.propose(branch, edit, title, PERSON if repository == REPOSITORY else STRANGER)
        return number, self.preview(number, repository)

    def preview(self, number: int, repository: str = REPOSITORY) -> Run:
        """What a push to the branch of a pull request starts."""
        pull = self.place.api.issues[number]
        branch = pull["head"]["ref"]
        source = {"ref": branch, "repo": {"full_name": repository}}
        payload = {"number": number, "pull_request": {"number": number, "title": pull["title"], "head": source}}
        sha = self.repository.proposed(number, branch)
        (run,) = self._start("pull_request", f"refs/pull/{number}/merge", sha, payload)
        return run

    def merge(self, number: int) -> Run:
        """Merge a pull request; gives the run of the deployment, which goes on."""
        pull = self.place.api.issues[number]
        before, after = self.repository.merged(number, pull["head"]["ref"], pull["title"])
        pull["state"] = "closed"
        (run,) = self._start("push", "refs/heads/main", after, {"before": before, "after": after})
        return run

    def dispatch(self, name: str, **inputs: Any) -> Run:
        """Start a workflow by hand, on main."""
        given = {key.replace("_", "-"): value for key, value in inputs.items()}
        event = self._event("workflow_dispatch", "refs/heads/main", self.repository.main, {"inputs": given})
        return self._run(self._files() / f"{name}.yml", replace(event, inputs=given))

    def approve(self, run: Run, environment: str) -> Run:
        """Approve a run for an environment once it asks, and wait for its end."""
        self.place.approvals.await_asked(run.number, environment)
        self.place.approvals.give(run.number, environment)
        return run.ended()

    def pull_request(self, branch: str) -> int:
        """The number of the one open pull request of a branch."""
        (found,) = (each for each in self.pull_requests(branch) if each["state"] == "open")
        return int(found["number"])

    def pull_requests(self, branch: str) -> list[Mapping[str, Any]]:
        """All that were ever opened of a branch."""
        pulls = (each for each in self.place.api.issues.values() if "pull_request" in each)
        return [each for each in pulls if each["head"]["ref"] == branch]

    def issues(self, title: str) -> list[Mapping[str, Any]]:
        """All that were ever opened of a title, the oldest first."""
        return [each for each in self.place.api.issues.values() if each["title"] == title]

    def serves(self, stack: str) -> int:
        """The version that answers, as the endpoint itself says."""
        home = self.homes[stack]
        body = {"messages": [{"role": "user", "content": "?"}]}
        answer = httpx.post(
            f"{home.url}/serving-endpoints/{MODEL}/invocations",
            headers={"Authorization": f"Bearer {home.token}"},
            json=body,
            timeout=60,
        )
        answer.raise_for_status()
        return int(answer.headers["served-model-name"].rpartition("-v")[2])

    def tags(self, stack: str) -> Mapping[str, str]:
        """The tags of the endpoint."""
        endpoint = self.by_hand(stack).serving_endpoints.get(MODEL)
        return {each.key: each.value or "" for each in endpoint.tags or ()}

    def registered(self, stack: str) -> set[int]:
        """The versions of the model that a stack serves."""
        listed = self.by_hand(stack).model_versions.list(f"{stack}.serving.{MODEL}")
        return {each.version or 0 for each in listed}

    def by_hand(self, stack: str) -> WorkspaceClient:
        """What somebody does in a stack's workspace past the repository is done with: the official client."""
        home = self.homes[stack]
        return WorkspaceClient(host=home.url, token=home.token, auth_type="pat")

    def served(self, stack: str) -> list[int]:
        """The versions that were proven to serve, as `model-ops history` says; the last one serves now."""
        lines = self.command("-m", "model_ops.cli", "history", "--stack", stack, stack=stack).splitlines()
        return [int(line.split()[0]) for line in lines if line[:1].isdigit()]

    def settle(self, stack: str, version: int, after: int | None = None) -> None:
        """Have main pin a version and the stack serve it, without a workflow: where a story begins.

        With `after`, that one has served before it.
        """
        if after is not None and after not in self.served(stack):
            self.settle(stack, after)
        pinned = self.main_pins(stack, version)
        if not pinned or not self._serves_so(stack, version):
            self.command("-m", "engine", "up", "--stack", stack, stack=stack)

    def main_pins(self, stack: str, version: int) -> bool:
        """Have main pin a version, whatever serves; says whether it did before."""
        file = self.repository.clone / f"Pulumi.{stack}.yaml"
        self.repository.git("checkout", "--quiet", "--force", "-B", "settled", self.repository.main)
        pinned = f"servedVersion: {version}\n" in file.read_text()
        if not pinned:
            pin(stack, version)(file.parent)
            self.repository.git("commit", "--quiet", "--all", "-m", f"Pin version {version} in {stack}")
            self.repository.git("push", "--quiet", "origin", "HEAD:refs/heads/main")
        return pinned

    def command(self, *words: str, stack: str) -> str:
        """Run Python on main as it is, where a sandbox stands for the stack's workspace; gives what it printed."""
        self.repository.git("checkout", "--quiet", "--force", "--detach", self.repository.main)
        runner = Machine(self.place.root, self.homes[stack].root)
        done = runner.start([sys.executable, *words], self.repository.clone)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def _serves_so(self, stack: str, version: int) -> bool:
        try:
            return self.serves(stack) == version
        except httpx.HTTPError:
            return False

    def _start(self, name: str, ref: str, sha: str, payload: Mapping[str, Any]) -> Iterator[Run]:
        """A run of each workflow that an event starts, but those that have stand-ins."""
        for file in sorted(self._files().glob("*.yml")):
            stands_in = f"./.github/workflows/{file.name}" in STAND_INS
            if not stands_in and workflow.starts_at(workflow.read(file), name, ref):
                yield self._run(file, self._event(name, ref, sha, payload))

    def _event(self, name: str, ref: str, sha: str, payload: Mapping[str, Any]) -> Event:
        return Event(name=name, remote=self.repository.remote, ref=ref, sha=sha, payload=payload)

    def _run(self, file: Path, event: Event) -> Run:
        self.runs.append(Run(len(self.runs) + 1, file, event, self.place))
        return self.runs[-1]

    def _files(self) -> Path:
        return ROOT / ".github" / "workflows"


def pin(stack: str, version: int) -> Edit:
    """The edit that pins a version: one line."""

    def edit(checkout: Path) -> None:
        file = checkout / f"Pulumi.{stack}.yaml"
        text, line = file.read_text(), f"      servedVersion: {version}\n"
        if "servedVersion" in text:
            file.write_text(re.sub(r"^ +servedVersion: \d+\n", line, text, flags=re.MULTILINE))
        else:
            file.write_text(text.replace("      endpoint:", f"{line}      endpoint:", 1))

    return edit


def tag(stack: str, key: str, value: str) -> Edit:
    """The edit that gives a stack another tag."""

    def edit(checkout: Path) -> None:
        file = checkout / f"Pulumi.{stack}.yaml"
        tags = f"  rollpin:tags: {{environment: {stack}, {json.dumps(key)}: {json.dumps(value)}}}"
        file.write_text(re.sub(r"^  rollpin:tags: .*$", lambda _: tags, file.read_text(), flags=re.MULTILINE))

    return edit


def no_stack(checkout: Path) -> None:
    """The edit that touches no stack."""
    (checkout / "NOTES.md").write_text("To be read.\n")


def both(*edits: Edit) -> Edit:
    """Several edits as one."""

    def edit(checkout: Path) -> None:
        for each in edits:
            each(checkout)

    return edit
