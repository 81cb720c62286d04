"""What a run of a workflow and one of a pipeline have in common: a thread, what its jobs print, how they end."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from typing import Self

from tests.e2e.delivery.queues import BOUND


class Running(ABC):
    """A run that begins when it is made, in a thread of its own."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.result = ""
        self.results: dict[str, str] = {}
        """How each job ended, by its name as its page shows it."""
        self.logs: dict[str, str] = {}
        self.summary = ""
        self._error: Exception | None = None
        self._told = threading.Condition()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @abstractmethod
    def whole(self) -> str:
        """Run all of it; gives how it ended."""

    def ended(self) -> Self:
        """Wait for its end; raises what stopped it, if that was no step."""
        self._thread.join(BOUND)
        assert not self._thread.is_alive(), f"{self} does not end"
        if self._error:
            raise self._error
        return self

    def log(self, job: str) -> str:
        """What the steps of one job printed; all jobs are shown where it is not among them."""
        assert job in self.logs, f"{self} has no job {job}; it has {self.results}"
        return self.logs[job]

    def await_log(self, job: str, text: str) -> None:
        """Return once a job has printed a text."""
        with self._told:
            self._told.wait_for(lambda: text in self.logs.get(job, "") or self.result, BOUND)
            if text not in self.logs.get(job, ""):
                raise TimeoutError(f"{job} ended, or went on for long, and never said {text!r}\n{self.told}")

    def tell(self, job: str, text: str) -> None:
        """Take what a job prints."""
        with self._told:
            self.logs[job] = self.logs.get(job, "") + text
            self._told.notify_all()

    @property
    def told(self) -> str:
        """All of it, for whoever reads why a test failed."""
        return "\n".join(f"== {self}: {name}: {self.results.get(name)}\n{log}" for name, log in self.logs.items())

    def _run(self) -> None:
        try:
            self.result = self.whole()
        except Exception as error:  # noqa: BLE001 - it is raised where the run is waited for
            self._error = error
        with self._told:
            self.result = self.result or "error"
            self._told.notify_all()
