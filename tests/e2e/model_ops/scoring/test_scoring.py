import json

import mlflow
import pandas as pd
import pytest
import yaml

from model_ops.errors import ModelError, RowsError
from model_ops.scoring.rows import read
from model_ops.scoring.score import load_model, score

NOWHERE = "4f3e6879586b452d9ed31298ccd4f102"


def rows(path):
    return [record for batch in read(path, 100) for record in batch.records]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
@pytest.mark.parametrize("way", ["by_run", "by_version"])
def test_a_batch_keeps_its_columns_and_gets_each_answer(versions, batches, tmp_path, suffix, way):
    heard = []
    uri = getattr(versions[7], way)
    told = score(uri, batches[suffix], tmp_path / f"out{suffix}", batch=2, progress=lambda *done: heard.append(done))
    found, asked = rows(told.target), rows(batches[suffix])
    assert (told.rows, told.model_uri, told.seconds > 0) == (5, uri, True)
    assert heard == [(2, 5), (4, 5), (5, 5)]
    assert [list(row) for row in found] == [["id", "messages", "prediction"]] * 5
    assert [{name: row[name] for name in ("id", "messages")} for row in found] == asked
    assert found[0]["prediction"].startswith("Drift is any difference")
    assert found[1]["prediction"].startswith("To roll back, edit `servedVersion`")
    assert found[0]["prediction"] == found[3]["prediction"]
    assert list(tmp_path.iterdir()) == [told.target]


def test_a_version_can_be_named_by_its_alias(versions, batches, tmp_path):
    name, _, number = versions[6].by_version.removeprefix("models:/").partition("/")
    mlflow.MlflowClient().set_registered_model_alias(name, "champion", number)
    score(f"models:/{name}@champion", batches[".jsonl"], tmp_path / "alias.jsonl")
    score(versions[6].by_run, batches[".jsonl"], tmp_path / "run.jsonl")
    assert (tmp_path / "alias.jsonl").read_text() == (tmp_path / "run.jsonl").read_text()


def test_the_seeds_own_call_loads_by_run_and_answers_a_frame(versions):
    logged_model = versions[7].by_run
    loaded_model = mlflow.pyfunc.load_model(logged_model)
    data = {"messages": [[{"role": "user", "content": "Hello, how can I assist you today?"}]]}
    prod_data = pd.DataFrame(data)
    prod_predictions = loaded_model.predict(prod_data)
    assert list(load_model(logged_model).predict(prod_data)) == list(prod_predictions)


def test_the_seeds_plain_string_is_answered_with_what_to_pass(versions):
    data = {"messages": ["Hello, how can I assist you today?"]}
    for asked in (pd.DataFrame(data), data, {"messages": "Hello, how can I assist you today?"}):
        with pytest.raises(ModelError) as refused:
            load_model(versions[7].by_run).predict(asked)
        assert "messages is a plain text: 'Hello, how can …'; expected array<object>" in str(refused.value)
        assert '[{"role": "user", "content": "Hello, how can I assist you today?"}]' in str(refused.value)


def test_a_plain_string_in_a_file_is_told_with_its_line_and_nothing_is_written(versions, tmp_path):
    (tmp_path / "in.jsonl").write_text('{"messages": [{"role": "user", "content": "a"}]}\n{"messages": "Hello"}\n')
    with pytest.raises(RowsError, match=r"in\.jsonl, line 2: messages is a plain text: 'Hello'"):
        score(versions[7].by_run, tmp_path / "in.jsonl", tmp_path / "out.jsonl", batch=1)
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_a_column_that_has_the_predictions_name_is_kept_beside_another(versions, tmp_path):
    row = {"messages": [{"role": "user", "content": "What is drift?"}], "prediction": 1}
    (tmp_path / "in.jsonl").write_text(json.dumps(row))
    with pytest.raises(RowsError, match=r"has a column prediction already.*prediction_column"):
        score(versions[7].by_run, tmp_path / "in.jsonl", tmp_path / "out.jsonl")
    score(versions[7].by_run, tmp_path / "in.jsonl", tmp_path / "out.jsonl", prediction_column="answer")
    assert list(rows(tmp_path / "out.jsonl")[0]) == ["messages", "prediction", "answer"]


def test_what_is_not_there_is_told_with_where_to_look(versions):
    model = versions[7].by_version.rpartition("/")[0]
    for uri in (f"{model}/99", f"{model}nope/1", f"{model}@nope", f"runs:/{NOWHERE}/chain"):
        with pytest.raises(ModelError, match=rf"There is no {uri}.*\n.*model-ops versions"):
            load_model(uri)
    with pytest.raises(ModelError, match=r"There is no runs:/.*/chian.*\nExpected runs:/<run id>/<artifact path>"):
        load_model(versions[7].by_run.replace("chain", "chian"))


def test_a_deleted_run_is_refused_though_mlflow_would_load_it(versions):
    mlflow.MlflowClient().delete_run(versions[6].run_id)
    try:
        with pytest.raises(ModelError, match=rf"is deleted.*\nRestore it \(mlflow .* {versions[6].run_id}\)"):
            load_model(versions[6].by_run)
    finally:
        mlflow.MlflowClient().restore_run(versions[6].run_id)


def test_a_version_that_does_not_load_says_why_on_one_line(versions):
    with pytest.raises(ModelError, match=r"does not load: .*the retrieval index .* does not exist here") as refused:
        load_model(versions[9].by_version)
    assert len(str(refused.value).splitlines()) == 2


def test_a_flavor_that_is_not_installed_is_named_with_its_version(versions, tmp_path):
    loader = {"loader_module": "prophecies.mlflow", "python_version": "3.11.0"}
    flavors = {"python_function": loader, "prophecies": {"prophecies_version": "1.2.3"}}
    (tmp_path / "MLmodel").write_text(yaml.safe_dump({"artifact_path": "odd", "flavors": flavors}))
    with mlflow.start_run(experiment_id=mlflow.get_run(versions[7].run_id).info.experiment_id) as run:
        mlflow.log_artifacts(str(tmp_path), "odd")
    with pytest.raises(ModelError, match=r"wants prophecies 1\.2\.3 here\.\nInstall it: .*'prophecies==1\.2\.3'"):
        load_model(f"runs:/{run.info.run_id}/odd")
