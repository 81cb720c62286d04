"""MLflow's own scoring server over a signature, with a model behind it that keeps what it reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

JSON, CSV = "application/json", "text/csv"


@dataclass(frozen=True)
class Body:
    """A request as a client sends it; `form` is how it lays out the data."""

    form: str
    text: str
    kind: str = JSON


@dataclass(frozen=True)
class Reading:
    """What the model behind the server was given."""

    data: Any
    params: Mapping[str, Any]


class _Model:
    """Stands where a model's own code does."""

    def __init__(self, answer: Any) -> None:
        self.reading: Reading | None = None
        self.answer = answer

    def predict(self, model_input: Any, params: Mapping[str, Any] | None = None) -> Any:
        self.reading = Reading(model_input, params or {})
        return self.answer


class ScoringEndpoint:
    """The application that a model server runs, `mlflow.pyfunc.scoring_server`, without a process and a socket."""

    answered: Any = None
    """The last answer, as its JSON says."""

    def __init__(
        self, inputs: list[dict[str, Any]], params: list[dict[str, Any]] | None = None, answer: Any = "answered"
    ) -> None:
        from mlflow.models import Model, ModelSignature
        from mlflow.pyfunc import PyFuncModel, scoring_server

        written = {"inputs": json.dumps(inputs), "outputs": None, "params": json.dumps(params) if params else None}
        flavors = {"python_function": {"loader_module": "none"}}
        metadata = Model(signature=ModelSignature.from_dict(written), flavors=flavors)
        self._model = _Model(answer)
        transport = httpx.ASGITransport(scoring_server.init(PyFuncModel(metadata, self._model)))
        self._client = httpx.AsyncClient(transport=transport, base_url="http://endpoint")

    async def read(self, body: Body) -> Reading | None:
        """Send a request; gives what the model read, or None where the server refused it."""
        self._model.reading = None
        answer = await self._client.post("/invocations", content=body.text, headers={"content-type": body.kind})
        assert (answer.status_code == 200) == (self._model.reading is not None), answer.text
        self.answered = answer.json()
        return self._model.reading
