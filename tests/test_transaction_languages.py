"""The transaction report of any language gives the same refund claims as the settlements of the same account."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from auditor.audit import audit
from auditor.model import Results
from auditor.request import Request
from auditor.rulebook.rules import load_rules
from auditor.simulate import build_account, write_account
from auditor.simulate.transaction_words import LANGUAGES
from auditor.store.workspace import open_workspace

HOME = {"us": "US", "ae": "US", "ca": "US", "mx": "US", "uk": "UK", "jp": "JP"}
RULE = "customer_return_missing"
#: What the other rules find in these exports is shown elsewhere.
ALONE = {rule.rule_id: {"off": True} for rule in load_rules()[0] if rule.rule_id != RULE}
SEED, ROWS = 2, 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "exports"


def written(folder: Path, market: str, language: str = "") -> Path:
    write_account(build_account(SEED, market, ROWS), folder, transactions=language)
    return folder


def without_settlements(folder: Path) -> Path:
    settlements = [
        path for path in folder.iterdir() if path.is_file() and path.read_bytes().startswith(b"settlement-id")
    ]
    assert settlements
    for path in settlements:
        path.unlink()
    return folder


def results(folder: Path, reading_cache: Path) -> Results:
    return audit(Request([folder], open_workspace(reading_cache), rule_settings=ALONE))


def refund_claims(found: Results) -> list[tuple[Any, ...]]:
    return sorted(
        (f.finding_id, f.units, f.amount, f.currency, f.unit_value, f.value_basis, f.event_date, f.claim_from,
         f.claim_by, f.status, f.confidence, f.marketplace, f.reference_id, f.msku, f.summary)
        for f in found.findings
        if f.rule == RULE
    )  # fmt: skip


def not_claimed(found: Results) -> list[tuple[str, str, int]]:
    return sorted((n.reference_id, n.reason, n.units) for n in found.not_claimed if n.rule == RULE)


@cache
def from_settlements(market: str, reading_cache: Path) -> tuple[list[tuple[Any, ...]], list[tuple[str, str, int]]]:
    with TemporaryDirectory() as folder:
        found = results(written(Path(folder) / "exports", market), reading_cache)
    return refund_claims(found), not_claimed(found)


def test_there_are_ten_languages_and_more() -> None:
    assert len(LANGUAGES) >= 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_transaction_report_alone_gives_the_claims_of_the_settlements(
    language: str, folder: Path, reading_cache: Path
) -> None:
    market = HOME.get(language, "DE")
    found = results(without_settlements(written(folder, market, language)), reading_cache)
    claims, others = from_settlements(market, reading_cache)
    assert len(claims) > 20
    assert refund_claims(found) == claims
    assert not_claimed(found) == others
    proofs = {row.report for row in found.evidence if row.role == "refunded"}
    assert proofs == {"transactions"}


@pytest.mark.parametrize("language", ["us", "de", "jp"])
def test_a_refund_that_both_reports_show_counts_once(language: str, folder: Path, reading_cache: Path) -> None:
    market = HOME.get(language, "DE")
    found = results(written(folder, market, language), reading_cache)
    assert (refund_claims(found), not_claimed(found)) == from_settlements(market, reading_cache)
    assert {row.report for row in found.evidence if row.role == "refunded"} == {"settlement_v2"}


def test_one_report_downloaded_in_two_languages_counts_once(tmp_path: Path, reading_cache: Path) -> None:
    german, french = (without_settlements(written(tmp_path / name, "DE", name)) for name in ("de", "fr"))
    found = audit(Request([german, french], open_workspace(reading_cache), rule_settings=ALONE))
    assert (refund_claims(found), not_claimed(found)) == from_settlements("DE", reading_cache)
