"""What a version says of itself is told on lines of ours."""

from model_ops.cli.describing import _named, tree_lines
from model_ops.versions.version import File


def test_a_tag_s_value_does_not_pass_for_another_tag() -> None:
    assert _named({"a": "1\nb = 2", "c": "\x1b[2J"}).splitlines() == [r"a = 1\nb = 2", r"c = \x1b[2J"]


def test_a_file_s_name_is_on_one_line() -> None:
    (line,) = tree_lines([File(path="a\n\u202eb", size=1)])
    assert line.split(maxsplit=2)[-1] == r"a\n\u202eb"
