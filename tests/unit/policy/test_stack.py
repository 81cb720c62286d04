"""What the rules must know of a stack is read from the files of its project."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from infra.settings.mistake import SettingsError
from policy.stack import circumstances

TODAY = date(2026, 11, 28)


def file(project: Path, stack: str, catalog: str, more: str = "") -> None:
    models = f"config:\n  rollpin:models:\n    bot: {{catalog: {catalog}, schema: s, endpoint: {{replace: true}}}}\n"
    (project / f"Pulumi.{stack}.yaml").write_text(f"{models}{more}")


@pytest.mark.parametrize(
    ("stack", "production"),
    [
        *((name, True) for name in ("prod", "prod-eu", "Prod", "eu.production", "team_prod", "prod2-eu.PROD")),
        *((name, False) for name in ("test", "product", "local", "nonprod", "preprod", "pre-prod", "Non_Prod")),
    ],
)
def test_a_stack_that_is_called_production_is_one(tmp_path: Path, stack: str, production: bool) -> None:
    file(tmp_path, stack, "main")
    assert circumstances(tmp_path, stack, TODAY).production is production


def test_the_file_says_what_its_name_does_not(tmp_path: Path) -> None:
    file(tmp_path, "live", "main", "  rollpin:policy: {production: true, requiredTags: [team]}\n")
    found = circumstances(tmp_path, "live", TODAY)
    assert (found.production, found.required_tags, found.replaceable) == (True, ("team",), frozenset({"bot"}))


def test_the_catalogs_of_other_environments_are_known_and_a_broken_file_is_passed_over(tmp_path: Path) -> None:
    file(tmp_path, "prod", "prod")
    file(tmp_path, "prod-eu", "prod")
    file(tmp_path, "test", "test")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: [\n")
    assert circumstances(tmp_path, "prod", TODAY).elsewhere == {"test": "test"}
    assert circumstances(tmp_path, "test", TODAY).elsewhere == {}


def test_a_catalog_that_another_environment_s_platform_makes_is_known_too(tmp_path: Path) -> None:
    file(tmp_path, "prod", "prod")
    text = "config:\n  rollpin:models: {}\n  rollpin:catalogs: {CATALOG: {}}\n"
    for stack, catalog in (("prod-platform", "prod"), ("test-platform", "test")):
        (tmp_path / f"Pulumi.{stack}.yaml").write_text(text.replace("CATALOG", catalog))
    assert circumstances(tmp_path, "prod", TODAY).elsewhere == {"test": "test-platform"}


def test_the_catalog_of_the_local_stack_is_in_its_sandbox_and_nobody_elses(tmp_path: Path) -> None:
    file(tmp_path, "prod", "prod")
    file(tmp_path, "local", "prod")
    file(tmp_path, "test", "test")
    assert circumstances(tmp_path, "prod", TODAY).elsewhere == {"test": "test"}


def test_an_owner_is_known_where_the_file_names_one(tmp_path: Path) -> None:
    entries = "bot: {catalog: prod, schema: s, owner: ml-engineers}, other: {catalog: prod, schema: s}"
    (tmp_path / "Pulumi.prod.yaml").write_text(f"config:\n  rollpin:models: {{{entries}}}\n")
    assert circumstances(tmp_path, "prod", TODAY).owners == {"ml-engineers"}


def test_an_exemption_is_a_day_a_reason_and_the_resources(tmp_path: Path) -> None:
    line = '{no-public-storage: {until: "2027-03-31", because: the pilot, resources: [account]}}'
    file(tmp_path, "prod", "prod", f"  rollpin:policy: {{exemptions: {line}}}\n")
    found = circumstances(tmp_path, "prod", TODAY).exemptions["no-public-storage"]
    assert (found.until, found.because, found.resources) == (date(2027, 3, 31), "the pilot", ("account",))


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2027-03-31", 'write `"2027-03-31"`'),
        ('"2027-02-30"', "a day of the calendar"),
        ("soon", "a day of the calendar"),
    ],
)
def test_an_exemption_without_a_day_is_refused(tmp_path: Path, until: str, said: str) -> None:
    file(tmp_path, "prod", "prod", f"  rollpin:policy: {{exemptions: {{x: {{until: {until}, because: y}}}}}}\n")
    with pytest.raises(SettingsError, match=r"Pulumi\.prod\.yaml") as refused:
        circumstances(tmp_path, "prod", TODAY)
    assert said in str(refused.value)


def test_an_exemption_without_a_reason_is_refused(tmp_path: Path) -> None:
    file(tmp_path, "prod", "prod", '  rollpin:policy: {exemptions: {x: {until: "2027-03-31"}}}\n')
    with pytest.raises(SettingsError, match="because"):
        circumstances(tmp_path, "prod", TODAY)
