import hashlib
import json
from pathlib import Path

import mlflow
import psutil
import pytest
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema

from model_ops.errors import ModelOpsError, RowsError, SparkError
from model_ops.scoring.score import score
from model_ops.scoring.spark_score import score_with_spark
from model_ops.scoring.spark_session import missing

SECRET = "dapi-of-the-test"  # not one


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_spark_gives_the_same_file_as_pyfunc(spark, versions, batches, tmp_path, suffix):
    heard = []
    by_spark, by_pyfunc = tmp_path / f"spark{suffix}", tmp_path / f"pyfunc{suffix}"
    told = score_with_spark(
        versions[7].by_run, batches[suffix], by_spark, batch=2, progress=lambda *done: heard.append(done)
    )
    score(versions[7].by_version, batches[suffix], by_pyfunc, batch=2)
    assert (told.rows, told.target, heard[-1]) == (5, by_spark, (5, 5))
    assert by_spark.read_bytes() == by_pyfunc.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == [by_pyfunc.name, by_spark.name]


def test_rows_stay_in_order_when_several_tasks_answer_them(spark, telling, tmp_path):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    names = [hashlib.sha256(str(n).encode()).hexdigest() for n in range(8000)]
    source.write_text("".join(f'{{"n": {n}, "name": "{name}"}}\n' for n, name in enumerate(names)))
    score_with_spark(telling, source, target, batch=100)
    rows = [json.loads(line) for line in target.read_text().splitlines()]
    assert [(row["n"], row["name"]) for row in rows] == list(enumerate(names))
    assert len({row["prediction.partition"] for row in rows}) > 1


def test_the_seeds_own_call_answers_a_frame_of_spark(spark, versions):
    from pyspark.sql.functions import col, struct

    schema = "messages array<struct<role: string, content: string>>"
    df = spark.createDataFrame([([("user", "What is drift?")],)], schema)
    logged_model = versions[7].by_run
    loaded_model = mlflow.pyfunc.spark_udf(spark, model_uri=logged_model)
    df = df.withColumn("predictions", loaded_model(struct(*map(col, df.columns))))
    assert df.first()["predictions"].startswith("Drift is any difference")


@pytest.fixture(scope="module")
def telling(versions):
    inputs = Schema([ColSpec("string", "name")])
    outputs = Schema([ColSpec("string", "value"), ColSpec("long", "partition")])
    with mlflow.start_run(experiment_id=mlflow.get_experiment_by_name("/Shared/chatbot").experiment_id):
        return mlflow.pyfunc.log_model(
            name="telling",
            python_model=str(Path(__file__).parent / "telling.py"),
            signature=ModelSignature(inputs=inputs, outputs=outputs),
            input_example={"name": "HOME"},
            pip_requirements=[],
        ).model_uri


def test_the_workers_know_the_token_and_nobody_sees_it(spark, telling, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABRICKS_SPARK_TEST", SECRET)
    (tmp_path / "in.csv").write_text("name\nDATABRICKS_SPARK_TEST\n")
    score_with_spark(telling, tmp_path / "in.csv", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == (
        f"name,prediction.value,prediction.partition\nDATABRICKS_SPARK_TEST,{SECRET},0\n"
    )
    children = psutil.Process().children(recursive=True)
    # A worker that has ended, and that nobody has waited for yet, has no command line.
    commands = [" ".join(child.as_dict(["cmdline"], ad_value=[])["cmdline"]) for child in children]
    assert any("SparkSubmit" in command for command in commands)
    assert not any(SECRET in command for command in commands)
    assert SECRET not in str(spark.sparkContext.getConf().getAll())
    assert SECRET not in str(spark.sql("SET -v").collect())
    assert spark.sparkContext.uiWebUrl is None


def test_what_fails_in_a_worker_is_told_in_two_lines_and_nothing_is_written(spark, versions, batches, tmp_path):
    with pytest.raises(SparkError, match=r"Spark gave up on .*the retrieval index .* does not exist here") as told:
        score_with_spark(versions[9].by_run, batches[".csv"], tmp_path / "out.csv")
    assert len(str(told.value).splitlines()) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("uri", ["models:/local.chatbot.dbdemos_advanced_chatbot_model/99", "runs:/0123/chain"])
def test_what_is_not_there_is_told_as_without_spark(spark, versions, batches, tmp_path, uri):
    told = []
    for way in (score, score_with_spark):
        with pytest.raises(ModelOpsError) as refused:
            way(uri, batches[".csv"], tmp_path / "out.csv")
        told.append(str(refused.value))
    assert told[0] == told[1]


def test_a_plain_string_is_told_before_spark_is_asked(spark, versions, tmp_path):
    (tmp_path / "in.csv").write_text("messages\nHello\n")
    with pytest.raises(RowsError, match="line 2: messages is a plain text: 'Hello'"):
        score_with_spark(versions[7].by_run, tmp_path / "in.csv", tmp_path / "out.csv")


def test_a_machine_without_java_is_told_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert "Install a Java runtime, version 17" in missing()
