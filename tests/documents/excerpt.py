"""Whether an excerpt is what is printed, but for what differs from run to run. Each rule says what that is."""

from __future__ import annotations

import re

UNSTABLE = (
    (r"\x1b\[[0-9;]*m", "", "a terminal's colours"),
    (r"[─━]{4,}", "────", "a rule, as wide as what it is under"),
    (r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?Z?", "TIME", "a time"),
    (r"\bm-[0-9a-f]{32}\b", "MODEL", "a logged model's id"),
    (r"\b[0-9a-f]{40}\b", "COMMIT", "a commit"),
    (r"\b[0-9a-f]{32}\b", "RUN", "a run's id"),
    (r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8}\b|(?<=  )\d{8}(?=\s|$)", "RUN", "the beginning of a run's id"),
    (r"\bcommit [0-9a-f]{12}\b", "commit COMMIT", "the beginning of a commit"),
    (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", "the sandbox's port"),
    (r"/tmp/[\w./-]+?(?=/code/)", "/tmp/DIR", "a temporary directory"),
    (r"\b(\d+ (h|min) )*\d+(\.\d+)? (ms|s|min|h)\b", "DURATION", "how long something took"),
    (r"\d+(\.\d+)? a second", "RATE a second", "a rate"),
    (r"\d+ requests, .* by version 7", "REQUESTS", "how many requests a load had, and which version took them"),
    (r"(latency_p50_ms.*)$", "LATENCY", "a latency that was measured, and how two of them differ"),
    (r"(?<=workspace_id = )\d+|(?<=workspace_id: )\d+", "WORKSPACE", "a sandbox's own id"),
    (r"^(\d+ +READY .* )\d+(\.\d+)?$", r"\1LATENCY", "of the table of versions the last column"),
    (r"\d+ better, \d+ worse", "N better, N worse", "how many metrics are better: latencies are among them"),
    (r"Pulumi \d+\.\d+\.\d+[^,\n]*", "ENGINE", "the engine that was found, and whence"),
    (r"(ENGINE, )[^\n]*", r"\1PROVIDER", "the provider, likewise"),
    (r"\b\d+(\.\d+)? ?(kB|B|bytes)(?= |\)|$)", "SIZE", "a size, which follows the versions of packages"),
    (r"==[\w.]+", "==VERSION", "a package's version"),
    (r"to \d+ packages", "to N packages", "how many packages the index gives today"),
    (r"(Python +|python[=:] ?|langchain |MLflow +)\d+(\.\d+)+", r"\1VERSION", "a version"),
    (r"[ \t]+", " ", "columns, as wide as their widest cell"),
)  # fmt: skip
WAITING = re.compile(
    r"^(asking|checking|copying|installing|loading|proving|scoring|starting|model-ops\b).* …( \(\d+ s so far\))?\n",
    re.MULTILINE,
)
"""What a command is at, said only after a while: no page shows it."""
ANY = "…"
"""A line of its own that stands for whatever is printed in between."""


def still(text: str) -> str:
    """A text without what is said only where something takes long."""
    return WAITING.sub("", text)


def normal(text: str) -> list[str]:
    """The lines of a text without what differs from run to run, and without empty lines."""
    text = still(text)
    for pattern, stable, _ in UNSTABLE:
        text = re.sub(pattern, stable, text, flags=re.MULTILINE)
    return [line.strip() for line in text.splitlines() if line.strip()]


def fits(shown: str, printed: str) -> bool:
    """Whether an excerpt tells what was printed; a line `…` in it stands for any lines."""
    return _in_order(normal(shown), normal(printed))


def _in_order(shown: list[str], printed: list[str]) -> bool:
    """Whether lines match, `…` taking as many as it needs."""
    if not shown:
        return not printed
    if shown[0] == ANY:
        return any(_in_order(shown[1:], printed[start:]) for start in range(len(printed) + 1))
    return bool(printed) and _line(shown[0], printed[0]) and _in_order(shown[1:], printed[1:])


def _line(shown: str, printed: str) -> bool:
    """Whether a line matches; one that ends in `…` is only the beginning."""
    return shown == printed or (shown.endswith(ANY) and printed.startswith(shown.removesuffix(ANY).rstrip()))
