"""What is meant for this machine goes to no proxy."""

import pytest

from model_ops.loopback import is_loopback, unproxied


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:5000/x", True),
        ("http://localhost", True),
        ("http://[::1]:80", True),
        ("https://adb-1.azuredatabricks.net", False),
        ("https://127.0.0.1.example.org", False),
    ],
)
def test_this_machine_is_told_from_others(url: str, here: bool) -> None:
    assert is_loopback(url) is here


@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_what_was_said_already_is_kept(name: str) -> None:
    hosts = unproxied({name: "internal.example,localhost"})["NO_PROXY"].split(",")
    assert hosts == ["internal.example", "localhost", "127.0.0.1", "::1"]
