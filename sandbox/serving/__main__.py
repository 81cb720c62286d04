"""Runs the router: `python -m sandbox.serving --home DIR`. Whoever wants a sandbox uses `python -m sandbox` instead."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import resource
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from model_ops import disk
from model_ops.cli.output import say
from sandbox.home import Home
from sandbox.serving.api_command import API, command
from sandbox.serving.child import Child, Command
from sandbox.serving.instance import Runtime, TakenError, claim, clear_runtime, make_runtime
from sandbox.serving.sockets import listen


def main(argv: Sequence[str] | None = None) -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.serving")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--bind", default="127.0.0.1")
    options = parser.parse_args(argv)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a thousand clients that say nothing keep nobody out
    os.umask(0o077)  # for the API and the model servers too: what they keep is the owner's alone
    return run(Home(options.home.absolute()), options.bind)


def run(home: Home, address: str, api: Sequence[str] = API) -> int:
    """Serve `home` at `address` until told to stop; `api` is what Python runs as the API process."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        home.create()
        claim(home)
        clear_runtime(home)
        runtime = make_runtime(home)
    except TakenError as error:
        return _refuse(error)
    except OSError as error:
        return _refuse(disk.refusal(error, home.root))
    listener = listen(runtime.api_socket)
    launch = command(home, runtime, listener.fileno(), api=api)
    try:
        return _serve(home, runtime, launch, Child.spawn(launch), address)
    except OSError as error:
        return _refuse(disk.refusal(error, home.root))
    finally:
        listener.close()
        os.close(runtime.alive)
        clear_runtime(home)
        # Should somebody have removed the home meanwhile, it does not say any more where this was.
        shutil.rmtree(runtime.root, ignore_errors=True)


def _serve(home: Home, runtime: Runtime, launch: Command, child: Child, address: str) -> int:
    # aiohttp takes long to import: the API process is starting meanwhile.
    from sandbox.serving.router import PortTakenError, bind, serve
    from sandbox.serving.supervisor import Supervisor

    async def main() -> int:
        try:
            public = bind(home, address)
        except PortTakenError as error:
            await child.stop(0)
            return _refuse(error)
        supervisor = Supervisor(launch, child, runtime.api_socket)
        await serve(home, runtime, supervisor, public, address)
        if supervisor.given_up.is_set():
            return _refuse(f"The workspace's API does not start; {launch.log} says why. {supervisor.message}")
        return 0

    return asyncio.run(main())


def _refuse(reason: object) -> int:
    say(str(reason))  # into the log, whose last line `python -m sandbox start` shows
    return 1


if __name__ == "__main__":
    sys.exit(main())
