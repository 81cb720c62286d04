"""A workspace that says what a test gives it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.proof.workspace_api import AbsentError, WorkspaceApi

MODEL = "prod.bots.chatbot"
ENDPOINT = "/api/2.0/serving-endpoints/bot"


class AskedWorkspace(WorkspaceApi):
    """Answers about endpoint `bot`, the last answer again and again, and gives the logs by their path below it."""

    def __init__(self, *endpoint: Mapping[str, Any] | Exception | None, **logs: str) -> None:
        super().__init__("https://adb-1.1.azuredatabricks.net", None)
        self.answers, self.logs, self.asked = list(endpoint), logs, 0

    def ask(self, path: str) -> Mapping[str, Any]:
        if path != ENDPOINT:
            kind = path.rpartition("/")[2].replace("-", "_")
            if kind not in self.logs:
                raise AbsentError(f"nothing at {path}")
            return {"logs": self.logs[kind]}
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            raise AbsentError("Endpoint with name 'bot' does not exist.")
        if isinstance(answer, Exception):
            raise answer
        return answer


def entity(version: int, deployment: str = "DEPLOYMENT_READY", message: str = "", **more: Any) -> dict[str, Any]:
    state = {"deployment": deployment, "deployment_state_message": message}
    return {"name": f"bot-v{version}", "entity_name": MODEL, "entity_version": str(version), "state": state, **more}


def endpoint(*pending: Mapping[str, Any], update: str = "UPDATE_FAILED", ready: str = "READY") -> dict[str, Any]:
    """Version 6 serves, and the last update was, or is, to `pending`."""
    return {
        "state": {"ready": ready, "config_update": update},
        "config": {
            "served_entities": [entity(6)],
            "traffic_config": {"routes": [{"served_model_name": "bot-v6", "traffic_percentage": 100}]},
        },
        "pending_config": {"served_entities": list(pending)},
    }
