import subprocess
import sys

import pytest

from examples.chatbot import evaluation, passages
from examples.chatbot.passages import Passage
from examples.chatbot.retrieval import Analysis, Index, stem
from examples.chatbot.versions import VERSIONS


def passage(name: str, text: str, title: str = "Title") -> Passage:
    return Passage(id=name, topic="Topic", title=title, text=text)


@pytest.mark.parametrize(
    ("analysis", "expected"),
    [
        (Analysis(), "the warmversions rolled deployment_ready in"),
        (Analysis(split_names=True), "the warm versions rolled deployment ready in 7 s"),
        (Analysis(stop_words=True), "warmversions rolled deployment_ready"),
        (Analysis(stems=True), "the warmversion roll deployment_ready in"),
    ],
)
def test_an_analysis_reduces_a_text_to_its_features(analysis, expected):
    assert " ".join(analysis.features("The warmVersions rolled DEPLOYMENT_READY in 7 s")) == expected


def test_pairs_stand_beside_the_words_they_are_made_of():
    found = Analysis(pairs=True, stop_words=True).features("the access connector of Azure")
    assert found == ["access", "connector", "azure", "access connector", "connector azure"]


@pytest.mark.parametrize("words", ["roll rolls rolled rolling", "grant grants granted", "deploy deployed deployment"])
def test_inflections_of_a_word_have_one_stem(words):
    assert len({stem(word) for word in words.split()}) == 1


def test_short_words_keep_their_endings():
    assert [stem(word) for word in ("its", "red", "gas", "is")] == ["its", "red", "gas", "is"]


@pytest.mark.parametrize("version", VERSIONS.values(), ids=lambda version: f"v{version.number}")
def test_a_search_scores_as_scikit_learn_would(indexing, version):
    documents = passages.read()
    index, vectorizer = indexing.fit(version, documents), indexing.vectorizer_of(version)
    matrix = vectorizer.fit_transform(indexing.searched(version, documents))
    for item in evaluation.questions("tuning"):
        expected = (matrix @ vectorizer.transform([item.question]).T).toarray().ravel()
        found = {passage.id: score for passage, score in index.search(item.question)}
        assert found == pytest.approx({p.id: s for p, s in zip(documents, expected, strict=True) if s}, abs=1e-12)


def test_a_search_ranks_by_likeness_and_equals_in_the_order_of_the_documents(indexing):
    texts = {"a/1": "the router drains", "a/2": "routes and grants", "a/3": "the router drains"}
    index = indexing.fit(VERSIONS[7], [passage(name, text) for name, text in texts.items()])
    assert [found.id for found, _ in index.search("Which router is draining?")] == ["a/1", "a/3"]


def test_a_search_finds_nothing_where_no_word_is_known(indexing):
    index = indexing.fit(VERSIONS[7], [passage("a/1", "the router drains")])
    assert index.search("zzz") == []
    assert index.search("") == []


def test_an_index_is_the_same_after_it_was_saved_and_loaded(indexing, tmp_path):
    index = indexing.fit(VERSIONS[7], passages.read())
    index.save(tmp_path / "index.json")
    loaded = Index.load(tmp_path / "index.json")
    assert loaded.search("How do I roll back?") == index.search("How do I roll back?")
    assert loaded.analysis == index.analysis


def test_a_missing_index_says_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"gone\.json does not exist here: log it with the model"):
        Index.load(tmp_path / "gone.json")


def test_what_a_model_server_imports_to_search_is_light():
    heavy = "{'sklearn', 'numpy', 'pandas', 'mlflow', 'langchain_core'}"
    code = f"import sys, examples.chatbot.answering, examples.chatbot.retrieval; print({heavy} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
