"""What the program says when the engine interrupts it."""

from __future__ import annotations

import signal
import subprocess
import sys

PROGRAM = """
import asyncio
from infra.interruption import end_quietly
end_quietly()
print("ready", flush=True)
asyncio.run(asyncio.Event().wait())
"""


def test_an_interrupted_program_ends_without_a_traceback() -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"ready\n"
        program.send_signal(signal.SIGINT)
        _, words = program.communicate(timeout=20)

    assert program.returncode == 130
    assert words == b""
