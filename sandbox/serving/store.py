"""The deployments on disk: one JSON file an endpoint, replaced whole."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

from sandbox.home import write_private
from sandbox.serving.config_body import NAME
from sandbox.serving.config_update import Deployment
from sandbox.serving.deployment_document import from_file, to_file

_logger = logging.getLogger(__name__)


class Store:
    """Keeps deployments in `directory`; the names have been checked before they come here."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def save(self, name: str, deployment: Deployment) -> None:
        """Write it so that a crash leaves either the old state or the new one."""
        write_private(self._path(name), json.dumps(to_file(deployment)))

    def remove(self, name: str) -> None:
        """Forget it."""
        self._path(name).unlink(missing_ok=True)

    def load(self) -> Iterator[tuple[str, Deployment]]:
        """Yield every deployment; a file that cannot be read is left alone and reported in the log."""
        for path in sorted(self._directory.glob("*.json")):
            if not NAME.fullmatch(path.stem):
                continue
            try:
                yield path.stem, from_file(json.loads(path.read_text()))
            except (OSError, ValueError, KeyError, TypeError):
                _logger.exception("%s is not a deployment; remove it to be rid of this message", path)

    def _path(self, name: str) -> Path:
        return self._directory / f"{name}.json"
