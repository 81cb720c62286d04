from __future__ import annotations

import logging

from sandbox.serving.config_update import Deployment, Update
from sandbox.serving.store import Store


def test_what_was_saved_last_is_loaded(tmp_path):
    store = Store(tmp_path)
    store.save("chat", Deployment())
    store.save("chat", Deployment(versions=2, update=Update.FAILED))
    store.save("other", Deployment())
    store.remove("other")
    assert list(store.load()) == [("chat", Deployment(versions=2, update=Update.FAILED))]
    assert [path.name for path in tmp_path.iterdir()] == ["chat.json"]
    assert (tmp_path / "chat.json").stat().st_mode & 0o777 == 0o600


def test_files_that_are_no_deployments_are_left_alone_and_reported(tmp_path, caplog):
    for name, text in {"torn.json": "{", "odd.json": "[]", "a.b.json": "{}", ".chat.json.7.ab": "{"}.items():
        (tmp_path / name).write_text(text)
    with caplog.at_level(logging.ERROR):
        assert list(Store(tmp_path).load()) == []
    assert len(list(tmp_path.iterdir())) == 4
    assert sorted(record.args[0].name for record in caplog.records) == ["odd.json", "torn.json"]
