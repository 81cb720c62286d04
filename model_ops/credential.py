"""Recognises a text that looks like a credential: it belongs in a secret scope, and no message shows it."""

from __future__ import annotations

import math
import re
from collections import Counter

KINDS = (
    ("a private key", r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*"),
    ("a Databricks token", r"\b(?:dapi|dkea|dsapi)[0-9a-f]{32}(?:-\d+)?"),
    ("a Databricks OAuth secret", r"\bdose[0-9a-f]{32,}"),
    ("an Azure client secret", r"(?<![\w~.-])[\w~.-]{3}[0-9]Q~[\w~.-]{31,34}"),
    ("an Azure access key", r"\b(?i:account|sharedaccess)(?i:key)=[A-Za-z0-9+/]{20,}={0,2}"),
    ("an Azure shared access signature", r"\b(?i:sig)=[A-Za-z0-9%+/]{20,}"),
    ("an OpenAI or Anthropic key", r"\bsk-[\w-]{20,}"),
    ("an AWS access key", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    ("a GitHub token", r"\b(?:gh[opsur]_[A-Za-z0-9]{30,}|github_pat_\w{20,})"),
    ("a Google API key", r"\bAIza[\w-]{35}"),
    ("a Hugging Face token", r"\bhf_[A-Za-z0-9]{30,}"),
    ("a Slack token", r"\bxox[abeoprs]-[\w-]{10,}"),
    ("a JSON web token", r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?"),
    ("a password in an address", r"(?<=://)[^\s/:@]*:[^\s/@]+(?=@)"),
)
"""What each looks like, as its issuer says or as secret scanners look for it; the most telling first."""
KNOWN = re.compile("|".join(f"(?:{pattern})" for _, pattern in KINDS))
RANDOM = re.compile(r"[\w+/-]{32,}={0,2}", re.ASCII)
LEAST_ENTROPY = {16: 3.0, 64: 4.2}
"""Bits a character, of hexadecimal and of base 64: prose and paths have less."""
NAMED = re.compile(
    r"(?i)(?:^|_)(?:token|password|passwd|passphrase|secret|(?:api|access|account|private|secret)_?key)$"
)
"""How a variable is called that holds a credential, whatever that looks like."""
NOTHING_SECRET = re.compile(r"(?i)\d{0,9}|true|false|none|\{\{secrets/.*")
PUBLIC = re.compile(r"(?i)(?:^|_)(?:id|sha|sha1|sha256|hash|digest|commit|revision|etag|checksum)$")
"""How a variable is called whose value is random and no secret: a run's id, a commit."""


def kind(name: str, value: str) -> str | None:
    """What credential the value of the variable `name` looks like, in words; None where it looks like none."""
    found = next((words for words, pattern in KINDS if re.search(pattern, value)), None)
    if found is None and not PUBLIC.search(name) and any(map(_is_random, RANDOM.findall(value))):
        return "a long random text"
    if found is None and NAMED.search(name) and not NOTHING_SECRET.fullmatch(value):
        return "a text in a variable that is called like a credential"
    return found


def hidden(text: str) -> str:
    """The text without what looks like a credential in it, whatever it belongs to."""
    return RANDOM.sub(lambda word: "…" if _is_random(word[0]) else word[0], KNOWN.sub("…", text))


def _is_random(word: str) -> bool:
    """Whether a word has as many different characters as random ones have, and is not made of short words."""
    longest = max(re.split(r"[/+_-]", word), key=len)
    if re.fullmatch(r"[0-9a-f]+|[0-9A-F]+", word):
        return bool(re.search(r"[0-9]", word) and re.search(r"[A-Fa-f]", word)) and _entropy(word) >= LEAST_ENTROPY[16]
    mixed = len(longest) >= 16 and all(re.search(each, longest) for each in ("[0-9]", "[a-z]", "[A-Z]"))
    return mixed and _entropy(word) >= LEAST_ENTROPY[64]


def _entropy(word: str) -> float:
    return -sum(count / len(word) * math.log2(count / len(word)) for count in Counter(word).values())
