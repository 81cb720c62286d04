from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.home import Home
from sandbox.workspace.api.errors import ApiError
from sandbox.workspace.secret_scopes.encryption import decrypt, encrypt


def test_a_value_comes_back_and_cannot_be_seen_in_what_is_kept(tmp_path: Path) -> None:
    home = Home(tmp_path)
    kept = encrypt(home, b"hidden")
    assert "hidden" not in kept
    assert decrypt(home, kept) == b"hidden"
    assert encrypt(home, b"hidden") != kept


def test_the_key_is_made_once_and_is_the_owners_alone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert not home.secrets_key_file.exists()
    kept, key = encrypt(home, b"hidden"), home.secrets_key_file.read_text()
    home.secrets_key_file.chmod(0o644)
    assert decrypt(home, kept) == b"hidden"
    assert home.secrets_key_file.read_text() == key
    assert home.secrets_key_file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("key", ["", "no key", "x" * 44])
def test_another_key_opens_nothing_and_the_message_says_what_to_do(tmp_path: Path, key: str) -> None:
    home = Home(tmp_path)
    kept = encrypt(home, b"hidden")
    home.secrets_key_file.write_text(key)
    with pytest.raises(ApiError, match=r"secrets\.key is not the key .* Put the right file back") as caught:
        decrypt(home, kept)
    assert kept not in str(caught.value)
