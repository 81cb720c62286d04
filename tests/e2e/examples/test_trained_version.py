import mlflow
import pandas as pd
import pytest
import yaml
from mlflow.artifacts import download_artifacts
from mlflow.exceptions import MlflowException

SEED_INPUTS = (
    '[{"type": "array", "items": {"type": "object", "properties": {"content": {"type": "string", "required": true}, '
    '"role": {"type": "string", "required": true}}}, "name": "messages", "required": true}]'
)
SEED_OUTPUTS = '[{"type": "string", "required": true}]'


def asked(*questions):
    return [[{"role": "user", "content": question}] for question in questions]


def loaded(version):
    return mlflow.pyfunc.load_model(f"runs:/{version.run_id}/chain")


def test_versions_are_registered_in_order_and_ready(trained):
    client = mlflow.MlflowClient()
    versions = [client.get_model_version(v.model, str(v.model_version)) for v in trained.values()]
    assert [int(version.version) for version in versions] == [1, 2, 3]
    assert [version.run_id for version in versions] == [v.run_id for v in trained.values()]
    assert {version.status for version in versions} == {"READY"}
    assert all(version.description for version in versions)


def test_a_run_tells_what_it_was_made_from_and_how_good_it_is(trained):
    run = mlflow.get_run(trained[7].run_id)
    assert run.info.run_name == "dbdemos_chatbot_rag"
    assert run.info.status == "FINISHED"
    assert run.data.params.items() >= {"version": "7", "stems": "True", "passages": "2", "cites": "True"}.items()
    assert run.data.metrics["report_mean_reciprocal_rank"] == trained[7].report.mean_reciprocal_rank
    assert run.data.metrics["tuning_hit_rate_at_3"] == trained[7].tuning.hit_rate_at_3
    assert run.data.metrics["report_latency_p50_ms"] > 0
    inputs = {dataset.dataset.name for dataset in run.inputs.dataset_inputs}
    assert inputs == {"documents", "questions_tuning", "questions_report"}


def test_the_figures_stand_with_the_model_that_they_are_of(trained):
    for version in trained.values():
        [output] = mlflow.get_run(version.run_id).outputs.model_outputs
        metrics = {metric.key: metric for metric in mlflow.get_logged_model(output.model_id).metrics}
        assert metrics["report_hit_rate_at_1"].value == version.report.hit_rate_at_1
        assert metrics["report_hit_rate_at_1"].dataset_name == "questions_report"


def test_the_signature_is_the_one_that_callers_know(trained):
    signature = loaded(trained[7]).metadata.signature.to_dict()
    assert (signature["inputs"], signature["outputs"]) == (SEED_INPUTS, SEED_OUTPUTS)


def test_a_version_loaded_by_its_run_answers_each_row(trained):
    frame = pd.DataFrame({"messages": asked("How do I roll back?", "What is drift?")})
    first, second = loaded(trained[7]).predict(frame)
    assert first.startswith("To roll back, edit `servedVersion`")
    assert "[Rolling back: How to roll back]" in first
    assert second.startswith("Drift is any difference")


def test_a_version_answers_its_own_input_example(trained):
    model = loaded(trained[6])
    [answer] = model.predict(model.input_example)
    assert answer.startswith("To roll back, edit `servedVersion`")
    assert "[Rolling back: How to roll back]" not in answer


def test_two_versions_live_in_one_process(trained):
    old, new = loaded(trained[6]), loaded(trained[7])
    answers = [model.predict({"messages": asked("What is drift?")[0]})[0] for model in (old, new, old)]
    assert ["[The Pulumi engine: Drift]" in answer for answer in answers] == [False, True, False]


def test_a_plain_string_is_refused(trained):
    with pytest.raises(MlflowException, match="Expected data to be list"):
        loaded(trained[7]).predict({"messages": "How do I roll back?"})


def test_the_environments_travel_with_the_model(trained, tmp_path):
    root = download_artifacts(f"runs:/{trained[7].run_id}/chain", dst_path=str(tmp_path))
    files = {str(file.relative_to(root)) for file in tmp_path.rglob("*") if file.is_file()}
    assert files >= {"MLmodel", "conda.yaml", "python_env.yaml", "requirements.txt", "input_example.json", "chain.py"}
    assert "code/index.json" in files
    requirements = (tmp_path / "chain" / "requirements.txt").read_text().split()
    assert requirements
    assert all("==" in requirement for requirement in requirements)
    flavors = yaml.safe_load((tmp_path / "chain" / "MLmodel").read_text())["flavors"]
    assert flavors["python_function"]["loader_module"] == "mlflow.langchain"


def test_the_broken_version_is_ready_and_does_not_load(trained):
    with pytest.raises(MlflowException, match=r"the retrieval index /.*/index\.json does not exist here: log it with"):
        loaded(trained[9])
