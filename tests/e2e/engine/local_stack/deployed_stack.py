"""A deployed local stack, as the tests of the engine use it."""

from dataclasses import dataclass
from pathlib import Path

from databricks.sdk import WorkspaceClient
from databricks.sdk.service.serving import Route, ServedEntityInput, TrafficConfig

from engine import project_copy
from engine.local_stack import LocalStack, Outcome
from model_ops.errors import StackError
from model_ops.pinning import pins
from model_ops.proving.verify import verify
from model_ops.served import Verdict
from model_ops.workspace import Workspace
from sandbox.home import Home
from tests.e2e.sandbox.model_servers import model_servers

SOURCE = Path(__file__).parents[4]
STACK_FILE = SOURCE / "tests/stacks/projects/Pulumi.local.yaml"
"""The project's own may pin what this sandbox does not have."""
MODEL = "dbdemos_advanced_chatbot_model"


@dataclass(frozen=True)
class Rehearsal:
    """A local stack on a sandbox that has versions 1 and 2, and 3, which does not load."""

    home: Home
    stack: LocalStack

    @property
    def file(self) -> Path:
        return project_copy.stack_file(self.stack.directory)

    @property
    def endpoint(self) -> str:
        return self.stack.target().models[MODEL].endpoint_name

    def deploy_by_hand(self, version: int) -> None:
        """Change what the endpoint serves behind the engine's back, and wait until the change serves."""
        name = f"{MODEL}-v{version}"
        entity = ServedEntityInput(
            name=name,
            entity_name=self.stack.target().models[MODEL].full_name,
            entity_version=str(version),
            workload_size="Small",
            scale_to_zero_enabled=False,
        )
        routes = TrafficConfig(routes=[Route(traffic_percentage=100, served_model_name=name)])
        client = WorkspaceClient(host=self.home.url, token=self.home.token, auth_type="pat")
        client.serving_endpoints.update_config_and_wait(self.endpoint, served_entities=[entity], traffic_config=routes)

    def model_servers(self) -> set[int]:
        """The pids of this sandbox's model server processes."""
        return set(model_servers(self.home).values())

    def edit(self, old: str, new: str) -> None:
        text = self.file.read_text()
        assert text.count(old) == 1
        self.file.write_text(text.replace(old, new))

    def entry(self, model: str, text: str) -> None:
        """Write a model's entry, or none, as the last one; what the engine itself added to the file stays."""
        lines = self.file.read_text().splitlines(keepends=True)
        start = next((number for number, line in enumerate(lines) if line == f"    {model}:\n"), len(lines))
        own = [line for line in lines if line.startswith(project_copy.ENGINE_OWN)]
        kept = [line for line in lines[:start] if line not in own]
        self.file.write_text("".join([*kept, text, *own]))

    def serve(self, version: int) -> Outcome:
        pins.pin(self.file, MODEL, version)
        return self.stack.run("up")

    def settle(self, version: int) -> None:
        """Serve a version alone, and run the engine for that only where it does not serve so already."""
        pins.pin(self.file, MODEL, version)
        if not self._settled(version):
            assert self.stack.run("up").error is None

    def _settled(self, version: int) -> bool:
        try:
            pinned = self.stack.target().models[MODEL]
        except StackError:
            return False
        alone = (pinned.pinned_version, pinned.warm_versions, pinned.canary) == (version, (), None)
        return alone and self.verdict().served and not self.verdict().remarks

    def verdict(self) -> Verdict:
        (proof,) = verify(self.stack.target(), Workspace(self.home.url, self.home.token).endpoint)
        assert proof.verdict is not None
        return proof.verdict
