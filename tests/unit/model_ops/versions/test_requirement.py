"""Requirements are read as pip reads them, line by line, and what signs in to an address is not shown."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model_ops.versions.requirement import included, of_conda, parsed, pins_of, read_requirements

HASH = "--hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274"


def read(text: str, **others: str) -> list[tuple[str, str]]:
    return [(line.kind, line.text) for line in read_requirements({"requirements.txt": text, **others})]


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("six==1.17.0", "package", "six==1.17.0"),
        ("six == 1.17.0  # why", "package", "six == 1.17.0"),
        (f"six==1.17.0 \\\n  {HASH} \\\n  {HASH}", "package", "six==1.17.0"),
        (f"six==1.17.0 {HASH}", "package", "six==1.17.0"),
        ("pandas[sql]>=2,<3; python_version > '3.8'", "package", "pandas[sql]>=2,<3; python_version > '3.8'"),
        ("six --some-new-option x", "package", "six"),
        ("code/risklib-1.0-py3-none-any.whl", "file", "code/risklib-1.0-py3-none-any.whl"),
        ("-e ./mine", "file", "-e ./mine"),
        ("--editable=./mine", "file", "--editable=./mine"),
        ("mine @ file:///home/me/mine", "file", "mine @ file:///home/me/mine"),
        ("mine @ https://me:secret@example.com/mine.zip", "address", "mine @ https://***@example.com/mine.zip"),
        ("git+https://secret@example.com/mine", "address", "git+https://***@example.com/mine"),
        ("/Volumes/a/b/c/mine-1.0-py3-none-any.whl", "address", "/Volumes/a/b/c/mine-1.0-py3-none-any.whl"),
        ("${NAME}==1.0", "address", "${NAME}==1.0"),
        ("--extra-index-url https://a:b@example.com", "option", "--extra-index-url https://***@example.com"),
        ("-i https://example.com", "option", "-i https://example.com"),
        ("-f wheels", "option", "-f wheels"),
        ("-r more.txt", "option", "-r more.txt"),
        (r"C:\mine\mine-1.0-py3-none-any.whl", "unreadable", r"C:\mine\mine-1.0-py3-none-any.whl"),
        ("mine @ code/mine-1.0-py3-none-any.whl", "unreadable", "mine @ code/mine-1.0-py3-none-any.whl"),
        ("two words", "unreadable", "two words"),
    ],
)
def test_a_line_is_of_one_kind_and_shown_as_one_line(text: str, kind: str, shown: str) -> None:
    assert read(text) == [(kind, shown)]


def test_lines_stand_in_their_order_and_comments_and_empty_ones_do_not() -> None:
    assert [text for _, text in read("# one\nb\n\n--pre\na\n")] == ["b", "--pre", "a"]


def test_files_that_are_included_stand_where_they_are_and_a_circle_ends() -> None:
    texts = {"requirements.txt": "-r a.txt\n-c b.txt\nx", "a.txt": "y\n-r requirements.txt", "b.txt": "z<2"}
    lines = read_requirements(texts)

    assert [(line.text, line.constraint) for line in lines if line.kind == "package"] == [
        *[("y", False), ("z<2", True), ("x", False)]
    ]
    assert set(included(lines)) == {"a.txt", "b.txt", "requirements.txt"}


def test_the_pin_of_a_package_is_found_whatever_stands_behind_it() -> None:
    texts = [text for _, text in read(f"six==1.17.0 \\\n  {HASH}\nNum_Py>=2 # x\n--pre\nmine @ https://a/b.zip")]

    assert pins_of(texts) == {"six": "==1.17.0", "num-py": ">=2", "--pre": "--pre", "mine": "@ https://a/b.zip"}
    assert str(parsed(f"six==1.17.0 {HASH}")) == "six==1.17.0"
    assert parsed("--pre") is None


def test_a_conda_environment_says_what_pip_is_given() -> None:
    text = "dependencies:\n- python=3.9\n- pip\n- pip:\n  - mlflow<2\n  - scikit-learn==1.0\nname: env\n"

    assert read(of_conda(text)) == [("package", "mlflow<2"), ("package", "scikit-learn==1.0")]
    assert [of_conda(odd) for odd in ("", "a: [", "dependencies: 3", "- a", "dependencies: [{pip: 4}]")] == [""] * 5


@settings(deadline=None, max_examples=60)
@given(st.text(st.sampled_from("ab=<>-@:/\\#;'\" \n[]$.{}!é\x00\r\t0"), max_size=40))
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    assert all(kind and isinstance(shown, str) for kind, shown in read(text))
