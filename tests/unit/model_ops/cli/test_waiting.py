"""What takes long says so, and what does not keeps quiet."""

import threading

from model_ops.cli.waiting import Waiting


class Ear:
    """Hears what is told, and can wait for it."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._more = threading.Condition()

    def __call__(self, line: str) -> None:
        with self._more:
            self.heard.append(line)
            self._more.notify_all()

    def wait_for(self, count: int) -> list[str]:
        with self._more:
            assert self._more.wait_for(lambda: len(self.heard) >= count, timeout=30)
            return self.heard[:count]


def test_work_that_ends_in_time_says_nothing() -> None:
    ear = Ear()
    with Waiting(ear, patience=600).watch("asking stack prod"):
        pass
    assert ear.heard == []


def test_work_that_takes_longer_says_what_it_is() -> None:
    ear = Ear()
    with Waiting(ear, patience=0, again=600).watch("asking stack prod"):
        assert ear.wait_for(1) == ["asking stack prod …"]


def test_the_next_step_is_told_too_and_the_one_before_not_again() -> None:
    ear = Ear()
    waiting = Waiting(ear, patience=0, again=600)
    with waiting.watch("asking stack prod"):
        ear.wait_for(1)
        waiting.doing("checking version 7")
        assert ear.wait_for(2) == ["asking stack prod …", "checking version 7 …"]
    assert len(ear.heard) == 2


def test_work_that_goes_on_says_for_how_long() -> None:
    ear = Ear()
    with Waiting(ear, patience=0, again=0.01).watch("asking stack prod"):
        assert ear.wait_for(2)[1] == "asking stack prod … (0 s so far)"


def test_what_is_told_at_once_is_not_told_again_before_long() -> None:
    ear = Ear()
    waiting = Waiting(ear, patience=600, again=600)
    with waiting.watch("starting"):
        waiting.now("asking local, test")
        assert ear.heard == ["asking local, test …"]
    assert len(ear.heard) == 1
