from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from sandbox.serving.child import Child, Command, ending, tail
from sandbox.serving.instance import wait_until


def child(tmp_path, code: str) -> Child:
    argv = (sys.executable, "-c", code)
    command = Command(argv=argv, env={"A": "1"}, cwd=tmp_path, log=tmp_path / "logs" / "log", descriptors=())
    return Child.spawn(command)


def test_it_runs_with_the_environment_given_and_no_other(tmp_path):
    code = "import os; print(sorted(k for k in os.environ if not k.startswith('LC_')), os.getsid(0) == os.getpid())"
    started = child(tmp_path, code)
    assert asyncio.run(started.wait()) == 0
    assert started.last_words() == "['A'] True"


def test_its_stdin_stays_open_until_we_end(tmp_path):
    async def main() -> int:
        started = child(tmp_path, "import sys; sys.stdin.read()")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(started.wait(), 0.3)
        await started.stop(5)
        return await started.wait()

    assert asyncio.run(main()) == -15


def test_what_it_has_started_ends_with_it(tmp_path):
    code = "import subprocess; print(subprocess.Popen(['sleep', '60'], stdin=subprocess.DEVNULL).pid)"
    started = child(tmp_path, code)
    assert asyncio.run(started.wait()) == 0
    left = Path("/proc", started.last_words(), "stat")
    # Killed it has been, but the kernel may take a moment, and whoever is to reap it another.
    assert wait_until(lambda: not left.exists() or left.read_text().rpartition(") ")[2].startswith("Z"), 5)


def test_one_that_does_not_listen_is_killed(tmp_path):
    async def main() -> int:
        code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True)"
        started = child(tmp_path, f"{code}; time.sleep(60)")
        assert await asyncio.to_thread(wait_until, lambda: started.last_words() == "deaf", 10)
        await asyncio.gather(started.stop(0.1), started.stop(0.1))
        return await started.wait()

    assert ending(asyncio.run(main())) == "signal SIGKILL"


def test_last_words_are_its_own_and_not_those_of_the_one_before(tmp_path):
    asyncio.run(child(tmp_path, "print('first')").wait())
    silent = child(tmp_path, "")
    asyncio.run(silent.wait())
    assert silent.last_words() == ""
    assert tail(tmp_path / "logs" / "log") == "first\n"


def test_a_tail_is_no_longer_than_asked(tmp_path):
    (tmp_path / "log").write_text("abcdef")
    assert tail(tmp_path / "log", limit=3) == "def"
    assert tail(tmp_path / "log", start=2) == "cdef"
    assert tail(tmp_path / "none") == ""


@pytest.mark.parametrize(("code", "words"), [(0, "exit code 0"), (-9, "signal SIGKILL"), (-200, "signal 200")])
def test_an_ending_is_told_in_words(code, words):
    assert ending(code) == words
