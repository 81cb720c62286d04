"""What an older sandbox kept of aliases in several spellings."""

from __future__ import annotations

from pathlib import Path

import pytest

MODEL = "local.chatbot.bot"


# MLflow's own database code, which the sandbox runs in a process of its own.
@pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy")
def test_spellings_of_an_older_sandbox_become_one_alias_and_the_one_in_lower_case_stays(tmp_path: Path) -> None:
    from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore

    from sandbox.workspace.registry.registry_store import RegistryStore

    address = f"sqlite:///{tmp_path}/mlflow.db"
    older = SqlAlchemyStore(address)
    older.create_registered_model(MODEL)
    for _ in range(3):
        older.create_model_version(MODEL, "runs:/0/chain")
    for alias, version in (("Champion", "1"), ("champion", "2"), ("CHAMPION", "3"), ("Previous", "1")):
        older.set_registered_model_alias(MODEL, alias, version)

    store = RegistryStore(address)

    assert {alias: int(version) for alias, version in store.get_registered_model(MODEL).aliases.items()} == {
        "champion": 2,
        "previous": 1,
    }
    assert RegistryStore(address).get_model_version_by_alias(MODEL, "PREVIOUS").version == 1
