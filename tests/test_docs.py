"""The documentation says what the program does: generated parts are fresh, and tables name what is there."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from auditor.exports.catalog import load_catalog
from auditor.model import EVIDENCE_COLUMNS, FINDING_COLUMNS, REJECT_COLUMNS
from auditor.publish.files import OWN_NAMES
from auditor.publish.tables import CLAIMS_INDEX, NOT_CLAIMED, Column
from auditor.rulebook.rules import RuleFacts, load_rules

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def section(name: str, title: str) -> str:
    return page(name).split(f"\n## {title}\n")[1].split("\n## ")[0]


def first_cells(text: str) -> list[str]:
    """The code words in the first column of the tables."""
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    return [word for row in rows for word in row.split("|")[1].split("`")[1::2]]


def test_everything_that_is_generated_is_up_to_date() -> None:
    """Mend it with `python docs/generate.py`."""
    command = [sys.executable, str(DOCS / "generate.py"), "--check"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "")


@pytest.mark.parametrize("report", load_catalog().reports.values(), ids=lambda report: report.id)
def test_every_export_says_where_it_is_downloaded(report: object) -> None:
    title, download, source = (getattr(report, key) for key in ("title", "download", "source"))
    line = next(line for line in page("exports.md").splitlines() if line.startswith(f"| {title} |"))
    assert download in line
    assert source in line


def test_every_file_of_the_results_folder_is_explained() -> None:
    for name in OWN_NAMES:
        assert f"`{name}{'/' if name == 'claims' else ''}`" in page("results.md").split("\n## ")[0]


def test_every_column_of_findings_and_evidence_is_explained_in_order() -> None:
    assert first_cells(section("results.md", "findings")) == list(FINDING_COLUMNS)
    assert first_cells(section("results.md", "evidence")) == list(EVIDENCE_COLUMNS)


@pytest.mark.parametrize(
    ("title", "columns"),
    [
        ("rejects", REJECT_COLUMNS),
        ("not_claimed", tuple(column.name for column in NOT_CLAIMED)),
        ("claims/index.csv", tuple(column.name for column in CLAIMS_INDEX)),
    ],
)
def test_the_columns_of_the_other_tables_are_named_in_order(title: str, columns: tuple[str | Column, ...]) -> None:
    assert ", ".join(f"`{name}`" for name in columns) in section("results.md", title)


def test_every_key_of_a_rule_is_explained() -> None:
    explained = set(first_cells(section("writing-rules.md", "rule.sql")))
    assert {name for name in RuleFacts.model_fields if name != "requires"} <= explained
    assert "[[requires]]" in explained


def test_every_role_of_every_rule_is_explained() -> None:
    rules, problems = load_rules()
    assert not problems
    for rule in rules:
        for role in (*rule.facts.plus, *rule.facts.minus):
            assert f"`{role}`" in section("results.md", "evidence")


def test_every_rule_has_words_cases_and_a_source() -> None:
    for rule in load_rules()[0]:
        # what may be taken back from the seller is no claim: it has nothing to file
        files_a_claim = rule.facts.kind != "exposure"
        assert (files("auditor.rules") / rule.rule_id / "claim.toml").is_file() == files_a_claim
        assert (files("auditor.rules") / rule.rule_id / "cases.toml").is_file()
        assert rule.facts.source.startswith("https://")
        assert rule.facts.leaves_out


def test_the_keys_of_the_manifest_are_explained(sample_manifest: dict[str, object]) -> None:
    assert set(first_cells(section("results.md", "run.json"))) == set(sample_manifest)
