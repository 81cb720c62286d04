"""The pin is one value of the stack file; nothing else of the file changes, whoever else edits it at that moment."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from model_ops.errors import PinError
from model_ops.pinning.pins import pin

STACK_FILE = """\
# The production stack.
config:
  rollpin:protect: true   # never without it
  rollpin:models:
    chatbot:
      schema: rag
      catalog: prod
      servedVersion: 7        # the pin
      warmVersions: [6, 7]
    other:
      catalog: prod
      schema: rag
"""


@pytest.fixture
def stack_file(tmp_path: Path) -> Path:
    path = tmp_path / "Pulumi.prod.yaml"
    path.write_text(STACK_FILE)
    return path


def changed_lines(before: str, after: str) -> list[tuple[str, str]]:
    return [pair for pair in zip(before.splitlines(), after.splitlines(), strict=True) if pair[0] != pair[1]]


def test_a_pin_changes_one_line_and_keeps_its_comment(stack_file: Path) -> None:
    pin(stack_file, "chatbot", 12)
    assert changed_lines(STACK_FILE, stack_file.read_text()) == [
        ("      servedVersion: 7        # the pin", "      servedVersion: 12        # the pin")
    ]


def test_a_first_pin_adds_one_line_after_the_schema(stack_file: Path) -> None:
    pin(stack_file, "other", 1)
    assert stack_file.read_text() == STACK_FILE + "      servedVersion: 1\n"


def test_the_pin_that_stands_already_leaves_the_file_as_it_is(stack_file: Path) -> None:
    pin(stack_file, "chatbot", 7)
    assert stack_file.read_text() == STACK_FILE


def test_an_unknown_model_is_refused_with_the_models_that_there_are(stack_file: Path) -> None:
    with pytest.raises(PinError, match=r"no model chatbto\. There is: chatbot, other"):
        pin(stack_file, "chatbto", 7)
    assert stack_file.read_text() == STACK_FILE


@pytest.mark.parametrize("version", [0, -1])
def test_only_a_whole_number_from_1_is_a_version(stack_file: Path, version: int) -> None:
    with pytest.raises(PinError, match="whole number from 1"):
        pin(stack_file, "chatbot", version)
    assert stack_file.read_text() == STACK_FILE


@pytest.mark.parametrize("text", ["config: [", "config: {}", "", "- a\n"])
def test_a_file_without_models_is_refused_and_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "Pulumi.test.yaml"
    path.write_text(text)
    with pytest.raises(PinError, match="rollpin:models"):
        pin(path, "chatbot", 7)
    assert path.read_text() == text


def test_no_draft_is_left_beside_the_file_and_its_mode_is_kept(stack_file: Path) -> None:
    stack_file.chmod(0o640)
    pin(stack_file, "chatbot", 6)
    assert [path.name for path in stack_file.parent.iterdir()] == ["Pulumi.prod.yaml"]
    assert stack_file.stat().st_mode & 0o777 == 0o640


SHAPES = {
    "a flow mapping": (
        "chatbot: {catalog: prod, schema: rag, servedVersion: 7, endpoint: {size: Small}}  # one line\n",
        "chatbot: {catalog: prod, schema: rag, servedVersion: 6, endpoint: {size: Small}}  # one line\n",
    ),
    "a flow mapping without a pin": (
        "chatbot: {schema: rag, catalog: prod}\n",
        "chatbot: {schema: rag, servedVersion: 6, catalog: prod}\n",
    ),
    "a flow mapping over lines": (
        "chatbot: {\n      catalog: prod,\n      schema: rag   # ours\n    }\n",
        "chatbot: {\n      catalog: prod,\n      schema: rag, servedVersion: 6   # ours\n    }\n",
    ),
    "JSON": ('chatbot: {"schema":"rag","servedVersion":"7"}\n', 'chatbot: {"schema":"rag","servedVersion": 6}\n'),
    "no final line end": ("chatbot:\n      schema: rag", "chatbot:\n      schema: rag\n      servedVersion: 6"),
    "no final line end, pinned": ("chatbot: {schema: r, servedVersion: 7}", "chatbot: {schema: r, servedVersion: 6}"),
    "a comment behind the schema": (
        "chatbot:\n      schema: rag  # not: servedVersion\n      catalog: prod\n",
        "chatbot:\n      schema: rag  # not: servedVersion\n      servedVersion: 6\n      catalog: prod\n",
    ),
    "a hash in quotes": (
        "chatbot:\n      schema: 'r # g'\n      servedVersion: 'v #7' # pin\n",
        "chatbot:\n      schema: 'r # g'\n      servedVersion: 6 # pin\n",
    ),
    "an empty pin": (
        "chatbot:\n      servedVersion:   # soon\n      schema: rag\n",
        "chatbot:\n      servedVersion: 6   # soon\n      schema: rag\n",
    ),
    "an anchor that is repeated": (
        "chatbot:\n      schema: rag\n      servedVersion: &v 7   # pin\n      warmVersions: [*v, 6]\n      note: *v\n",
        "chatbot:\n      schema: rag\n      servedVersion: 6   # pin\n      warmVersions: [&v 7, 6]\n      note: *v\n",
    ),
    "an anchor whose name begins another's": (
        "chatbot: {schema: rag, servedVersion: &v 7, a: &v2 1, b: [*v2, *v]}\n",
        "chatbot: {schema: rag, servedVersion: 6, a: &v2 1, b: [*v2, &v 7]}\n",
    ),
    "an alias as the pin": (
        "other: &v 7\n    chatbot:\n      schema: rag\n      servedVersion: *v   # pin\n      note: *v\n",
        "other: &v 7\n    chatbot:\n      schema: rag\n      servedVersion: 6   # pin\n      note: *v\n",
    ),
    "a pin from a merge": (
        "other: &o {schema: rag, servedVersion: 7}\n    chatbot:\n      # mine\n      <<: *o\n      catalog: c\n",
        "other: &o {schema: rag, servedVersion: 7}\n    chatbot:\n      # mine\n      servedVersion: 6\n"
        "      <<: *o\n      catalog: c\n",
    ),
    "a pin from a merge, in a flow mapping": (
        "other: &o {schema: rag, servedVersion: 7}\n    chatbot: {<<: *o, catalog: c}\n",
        "other: &o {schema: rag, servedVersion: 7}\n    chatbot: {servedVersion: 6, <<: *o, catalog: c}\n",
    ),
    "a schema that an alias repeats": (
        "other: {schema: &s rag}\n    chatbot: {schema: *s, catalog: c}\n",
        "other: {schema: &s rag}\n    chatbot: {servedVersion: 6, schema: *s, catalog: c}\n",
    ),
    "another alphabet": (
        "chatbot:\n      description: 日本 😀\n      schema: rag\n      servedVersion: 7\n",
        "chatbot:\n      description: 日本 😀\n      schema: rag\n      servedVersion: 6\n",
    ),
} | {
    f"the old value {old}": (
        f"chatbot:\n      servedVersion: {old}   # pin\n      schema: rag\n",
        "chatbot:\n      servedVersion: 6   # pin\n      schema: rag\n",
    )
    for old in ('"7"', "'7'", "latest", "7.0", "007", "null", "!!str 7", "&v 7", "the last one")
}

REFUSED = {
    "settings that two models share": (
        "config:\n  rollpin:models:\n    other: &o {schema: rag, servedVersion: 7}\n    chatbot: *o\n"
    ),
    "settings that another model merges": (
        "config:\n  rollpin:models:\n    chatbot: &c\n      schema: rag\n    other:\n      <<: *c\n"
    ),
    "a list as the pin": "config:\n  rollpin:models:\n    chatbot: {schema: rag, servedVersion: [7]\n      }\n",
    "a block text as the pin": (
        "config:\n  rollpin:models:\n    chatbot:\n      servedVersion: | # pin\n        7\n      schema: rag\n"
    ),
    "a pin that stands twice": (
        "config:\n  rollpin:models:\n    chatbot: {schema: rag, servedVersion: 7, servedVersion: 8}\n"
    ),
    "a pin that another model merges": (
        "config:\n  rollpin:models:\n    chatbot: &c {schema: rag, servedVersion: 7}\n    other: {<<: *c, catalog: d}\n"
    ),
    "a loop": "a: &a [*a]\nconfig:\n  rollpin:models:\n    chatbot:\n      schema: rag\n",
    "an anchor that holds itself": "config:\n  rollpin:models:\n    chatbot: &c {schema: rag, x: *c}\n",
    "brackets in brackets": f"config:\n  rollpin:models:\n    chatbot: {{schema: r}}\n    a: {'[' * 3000}\n",
    "two documents": "config:\n  rollpin:models:\n    chatbot: {schema: rag}\n---\na: 1\n",
}


def pinned(directory: Path, text: str, version: int = 6) -> str:
    path = directory / "Pulumi.shape.yaml"
    path.write_bytes(text.encode())
    pin(path, "chatbot", version)
    return path.read_bytes().decode()


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(("before", "after"), SHAPES.values(), ids=SHAPES)
def test_each_way_to_write_a_model_keeps_every_other_byte(tmp_path: Path, before: str, after: str, end: str) -> None:
    head = "# The stack.\nconfig:\n  rollpin:models:\n    "
    assert pinned(tmp_path, (head + before).replace("\n", end)) == (head + after).replace("\n", end)


def test_a_byte_order_mark_is_kept(tmp_path: Path) -> None:
    text = "\ufeffconfig: {'rollpin:models': {chatbot: {schema: rag}}}"
    assert pinned(tmp_path, text) == "\ufeffconfig: {'rollpin:models': {chatbot: {schema: rag, servedVersion: 6}}}"


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_changed_alone_is_refused_and_left_alone(tmp_path: Path, text: str) -> None:
    with pytest.raises(PinError, match=r"Pulumi\.shape\.yaml"):
        pinned(tmp_path, text)
    assert (tmp_path / "Pulumi.shape.yaml").read_text() == text
    assert len(list(tmp_path.iterdir())) == 1


REASONS = {
    "settings that another model merges": r"rollpin:models\.other\.servedVersion would change with it\. Write its own "
    r"`servedVersion` below rollpin:models\.other first",
    "a pin that another model merges": r"Write `servedVersion: 7` below rollpin:models\.other first",
    "settings that two models share": r"chatbot at line 4 has all of its settings from another model",
    "brackets in brackets": r"at line 4: values in values, too deep to read\. Expected: at most 20 levels",
    "an anchor that holds itself": r"`&c` at line 3 holds itself",
}


@pytest.mark.parametrize(("shape", "reason"), REASONS.items(), ids=REASONS)
def test_a_refusal_tells_the_true_reason(tmp_path: Path, shape: str, reason: str) -> None:
    with pytest.raises(PinError, match=reason):
        pinned(tmp_path, REFUSED[shape])


def test_what_a_refusal_says_to_write_lets_the_pin_be_written(tmp_path: Path) -> None:
    merged = REFUSED["a pin that another model merges"].replace("{<<: *c,", "{<<: *c, servedVersion: 7,")
    shared = REFUSED["settings that two models share"].replace("chatbot: *o", "chatbot: {<<: *o, servedVersion: 7}")

    for text in (merged, shared):
        after = pinned(tmp_path, text)
        models = YAML(typ="safe").load(after)["config"]["rollpin:models"]
        assert {name: model["servedVersion"] for name, model in models.items()} == {"chatbot": 6, "other": 7}


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.prod.yaml"
    path.write_text(f"{STACK_FILE}# {'x' * 300_000}\n")
    with pytest.raises(PinError, match="more than 262144 bytes"):
        pin(path, "chatbot", 6)


def test_a_file_that_is_missing_or_no_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes(b"config: \xe9\n")
    for name in ("latin.yaml", "missing.yaml"):
        with pytest.raises(PinError, match=name):
            pin(tmp_path / name, "chatbot", 6)


WORDS = st.text("ab7é日😀 #'\"{}[],&*!|>-", max_size=8)  # without ":": ruamel cannot read all that it dumps of those
SETTINGS = st.dictionaries(WORDS, WORDS | st.integers() | st.none() | st.lists(WORDS, max_size=2), max_size=4)


@settings(deadline=None, max_examples=60)
@given(SETTINGS, st.none() | st.integers() | WORDS, st.integers(1, 10**6), st.booleans(), st.booleans(), st.data())
def test_only_the_pin_differs_whatever_stands_around_it(others, old, version, flow, windows, data) -> None:
    chatbot = others | {"schema": "rag"} | ({"servedVersion": old} if data.draw(st.booleans()) else {})
    shuffled = dict(data.draw(st.permutations(list(chatbot.items()))))
    document = {"config": {"rollpin:models": {"other": others, "chatbot": shuffled}}, "last": others}
    written = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style, yaml.width = flow, 10**6
    yaml.dump(document, written)
    text = written.getvalue().replace("\n", "\r\n" if windows else "\n")
    with TemporaryDirectory() as directory:
        after = pinned(Path(directory), text, version)
    assert after.count("\r") == (after.count("\n") if windows else 0)
    shuffled["servedVersion"] = version
    assert YAML(typ="safe", pure=True).load(after) == document
