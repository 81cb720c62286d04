from collections.abc import Iterator
from pathlib import Path

import mlflow
import pytest

from examples.chatbot import training
from examples.chatbot.training import TrainedVersion
from examples.chatbot.versions import VERSIONS

THIRD_PARTY_NOISE = [
    # MLflow's own models of its database use an option that SQLAlchemy 2.1 is about to drop.
    "ignore:The ``noload`` loader strategy is deprecated:sqlalchemy.exc.SADeprecationWarning",
    # MLflow describes its own response types when mlflow.pyfunc is imported; ours declare everything.
    "ignore:.*Any type hint is inferred as AnyType:UserWarning",
]
MODEL = "local.chatbot.dbdemos_advanced_chatbot_model"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let pass, in this directory alone, the warnings about MLflow's own code."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            for noise in THIRD_PARTY_NOISE:
                item.add_marker(pytest.mark.filterwarnings(noise))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An MLflow store of its own, and MLflow left as it was."""
    root = tmp_path_factory.mktemp("store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{root / 'mlflow.db'}")
        patch.delenv("MLFLOW_REGISTRY_URI", raising=False)
        mlflow.create_experiment("/Shared/chatbot", artifact_location=(root / "artifacts").as_uri())
        yield root


@pytest.fixture(scope="module")
def trained(store: Path) -> dict[int, TrainedVersion]:
    """Versions 6, 7 and 9 of the chatbot, registered in this order as 1, 2 and 3."""
    return {n: training.train(VERSIONS[n], model=MODEL, experiment="/Shared/chatbot") for n in (6, 7, 9)}
