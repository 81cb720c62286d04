"""The gateways of all endpoints: on disk, so that they hold from the first request after a start, and at work."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from sandbox.home import write_private
from sandbox.serving.config_body import NAME, checked_name
from sandbox.serving.errors import ApiError
from sandbox.serving.gateway import Gateway, document, gateway
from sandbox.serving.rate_limiter import RateLimiter

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class LiveGateway:
    """A gateway at work; it is replaced whole when it is changed."""

    asked: Gateway
    limiter: RateLimiter


class Gateways:
    """Keeps them in `directory`, a file an endpoint that asks for something."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._live: dict[str, LiveGateway] = {}

    def load(self) -> None:
        """Take up what is on disk; a file that cannot be read is left alone and reported in the log."""
        for path in sorted(self._directory.glob("*.json")):
            if not NAME.fullmatch(path.stem):
                continue
            try:
                self._take_up(path.stem, gateway(json.loads(path.read_text())))
            except (OSError, ValueError, ApiError):
                _logger.exception("%s is no gateway; remove it to be rid of this message", path)

    def find(self, endpoint: str) -> LiveGateway | None:
        """Return an endpoint's gateway, or None where it asks for nothing."""
        return self._live.get(endpoint)

    def put(self, endpoint: str, asked: Gateway) -> None:
        """Keep a gateway, and have it hold from the next request on."""
        path = self._directory / f"{checked_name('Endpoint', endpoint)}.json"
        if asked.empty:
            path.unlink(missing_ok=True)
            self._live.pop(endpoint, None)
            return
        write_private(path, json.dumps(document(asked)))
        self._take_up(endpoint, asked)

    def put_all(self, asked: Mapping[str, Gateway]) -> None:
        """Keep these and no others."""
        for endpoint in self._live.keys() - asked.keys():
            self.put(endpoint, Gateway())
        for endpoint, one in asked.items():
            self.put(endpoint, one)

    def _take_up(self, endpoint: str, asked: Gateway) -> None:
        former = self._live.get(endpoint)
        counts = former.limiter.counts if former else MappingProxyType({})
        self._live[endpoint] = LiveGateway(asked, RateLimiter(endpoint, asked.limits, counts))
