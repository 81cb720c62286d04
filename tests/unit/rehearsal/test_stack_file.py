from infra.settings.load import load
from rehearsal.stack_file import STACK_FILE


def test_the_stack_that_is_rehearsed_begins_without_a_pin():
    (model,) = load(STACK_FILE, "local").models.values()
    assert model.served_version is None
