"""Whatever is done to the files of an account: no row vanishes, no reject is misplaced, no finding changes.

Every example is an audit of its own. `CONSERVATION_EXAMPLES=500 python -m pytest tests/test_conservation.py` tries more
than the few of every day.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from reshaping import NO_DATE, Export, Folder, Planted, cut, damaged, parsed, rewritten, shuffled, widened

from auditor.audit import audit
from auditor.exports.catalog import load_catalog
from auditor.model import Finding, Reject, Results
from auditor.request import Request
from auditor.simulate import build_account, write_account
from auditor.store.workspace import Workspace, open_workspace

ACCOUNTS = ((1, "US"), (2, "DE"), (4, "JP"), (3, "UK"))
ROWS = 40
MOST_CONTENTS = 4
MOST_SETTLEMENTS = 5
REORDERED = {"reimbursements", "customer_returns", "all_orders", "shipping_queue", "shipment_contents", "ledger_detail"}
NEVER_DAMAGED = {"costs", "shipping_queue", "shipment_contents"}
EXAMPLES = int(os.environ.get("CONSERVATION_EXAMPLES", "5"))
#: Amazon's figures in the older part of a ledger that was cut between two days count as older figures.
BY_FIGURE = "counts_differ"

# A seed says everything and cannot be shrunk; of few examples the same ones are tried each time.
several = settings(max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES < 50, phases=[Phase.generate])
seeds = st.integers(0, 2**32 - 1)


@dataclass(frozen=True)
class Account:
    """The exports of a small account and what an audit finds in them."""

    exports: tuple[Export, ...]
    results: Results

    @property
    def decided_by_figure(self) -> frozenset[str]:
        """Products of which Amazon counts other units than the rows leave open."""
        found = {f.fnsku for f in self.results.findings if BY_FIGURE in f.reasons}
        return frozenset(found | {n.fnsku for n in self.results.not_claimed if n.reason == "reconciled_by_amazon"})


class Bench:
    """Where accounts are audited; what was read once is remembered."""

    def __init__(self, workspace: Workspace, new_folder: Callable[[], Path]) -> None:
        self.catalog = load_catalog()
        self.workspace, self.new_folder = workspace, new_folder
        self.accounts: dict[tuple[int, str], Account] = {}

    def audited(self, folder: Folder, results: Results | None = None) -> Results:
        """Audit the files for the as-of date of the earlier results."""
        place = self.new_folder()
        for name, content in folder.files.items():
            (place / name).write_bytes(content)
        as_of = date.fromisoformat(results.manifest["as_of"]) if results else None
        return audit(Request([place], self.workspace, as_of=as_of))

    def account(self, seed: int, market: str) -> Account:
        """A small account, made and audited once."""
        if (seed, market) not in self.accounts:
            self.accounts[seed, market] = self._made(seed, market)
        return self.accounts[seed, market]

    def _made(self, seed: int, market: str) -> Account:
        """Of kinds with very many files only some are kept."""
        place = self.new_folder()
        names = write_account(build_account(seed, market, ROWS), place)
        most = Counter({"shipment_contents": MOST_CONTENTS, "settlement_v2": MOST_SETTLEMENTS})
        exports, seen = [], Counter[str]()
        for name in names:
            export = parsed((place / name).read_bytes(), self.catalog)
            if export and seen[export.report.id] < most.get(export.report.id, 99):
                seen[export.report.id] += 1
                exports.append(export)
        folder = Folder()
        for number, export in enumerate(exports):
            folder.add(f"{number:02}.txt", export)
        return Account(tuple(exports), self.audited(folder))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    workspace = open_workspace(tmp_path_factory.mktemp("conservation"))
    return Bench(workspace, lambda: tmp_path_factory.mktemp("files"))


@dataclass(frozen=True)
class Reshaped:
    """The files after all changes, what they touch, and whether the ledger was cut between two days."""

    folder: Folder
    touched: frozenset[str]
    ledger_cut: bool


def reshaped(account: Account, chance: Random, *, with_damage: bool) -> Reshaped:
    """Any mixture of changes, under names that say nothing."""
    folder, touched, ledger_cut = Folder(), set[str](), False
    for export in account.exports:
        report = export.report.id
        changed = export
        if with_damage and report not in NEVER_DAMAGED and len(export.rows) >= 8 and chance.random() < 0.5:
            changed = damaged(changed, chance)
            touched |= {key for row in changed.rows for key in row.keys}
        pieces = [changed]
        if not changed.truncated and chance.random() < 0.4:
            pieces = cut(changed, chance, by_day=bool(export.report.event_dates) and chance.random() < 0.5)
            ledger_cut |= report == "ledger_detail" and len(pieces) > 1
        for piece in pieces:
            _add(folder, piece, chance)
    return Reshaped(folder, frozenset(touched), ledger_cut)


def _add(folder: Folder, piece: Export, chance: Random) -> None:
    if piece.report.id in REORDERED and not piece.truncated and chance.random() < 0.3:
        piece = shuffled(piece, chance)
    if chance.random() < 0.3:
        piece = widened(piece, chance)
    if chance.random() < 0.4:
        piece = rewritten(piece, chance)
    folder.add(_name(folder, chance), piece, chance.choice(("", "", "gz", "zip")))
    if chance.random() < 0.2:
        copy = rewritten(piece, chance) if chance.random() < 0.5 else piece
        folder.add(_name(folder, chance), copy, chance.choice(("", "gz", "zip")))


def _name(folder: Folder, chance: Random) -> str:
    return f"{chance.randrange(10**6):06}-{len(folder.files)}.{chance.choice(('txt', 'csv', 'dat'))}"


@several
@given(st.sampled_from(ACCOUNTS), seeds)
def test_files_in_any_other_shape_change_no_finding(bench: Bench, which: tuple[int, str], seed: int) -> None:
    account = bench.account(*which)
    other = reshaped(account, Random(seed), with_damage=False)
    results = bench.audited(other.folder, account.results)
    rows_are_accounted_for(results, other.folder)
    assert [r for r in results.rejects if r.severity == "left_out"] == []
    before, after = (facts(r.findings, other.ledger_cut, account) for r in (account.results, results))
    assert after == before
    if not other.ledger_cut:
        assert results.findings == account.results.findings


@several
@given(st.sampled_from(ACCOUNTS), seeds)
def test_damaged_rows_are_told_and_change_no_finding_of_other_products_and_orders(
    bench: Bench, which: tuple[int, str], seed: int
) -> None:
    account = bench.account(*which)
    other = reshaped(account, Random(seed), with_damage=True)
    assume(not any(len(e.rows) >= 3 and all(row.damage for row in e.rows) for e in other.folder.exports.values()))
    results = bench.audited(other.folder, account.results)
    rows_are_accounted_for(results, other.folder)
    every_planted_row_is_told(results.rejects, other.folder.planted, account.results.rejects)
    before, after = (
        facts(untouched(found, other.touched), other.ledger_cut, account)
        for found in (account.results.findings, results.findings)
    )
    assert after == before


def rows_are_accounted_for(results: Results, folder: Folder) -> None:
    """Every file is there, and every row of it read is loaded, repeated or rejected."""
    inputs = {entry["file"]: entry["rows"] for entry in results.manifest["inputs"]}
    assert inputs.keys() == folder.exports.keys()
    for name, rows in inputs.items():
        assert rows["read"] == len(folder.exports[name].rows), name
        assert rows["read"] == rows["loaded"] + rows["repeated"] + rows["rejected"]
        assert min(rows.values()) >= 0


def every_planted_row_is_told(rejects: tuple[Reject, ...], planted: list[Planted], usual: tuple[Reject, ...]) -> None:
    """Each planted row is told with its own line and text, and nothing else is but what the account itself holds."""
    told: dict[tuple[str, int], list[Reject]] = {}
    for reject in rejects:
        told.setdefault((reject.file, reject.line), []).append(reject)
    for row in planted:
        mine = told.pop((row.file, row.line), [])
        assert mine, row
        assert all(as_told(reject.raw, row) for reject in mine), (mine, row)
    own = {reject.reason for reject in usual}
    assert [r for each in told.values() for r in each if r.reason not in own] == []


def as_told(raw: str, row: Planted) -> bool:
    """Whether the text shows the row's cells, but for masked ones; where cells are where they belong, it shows some."""
    cells = raw.split("\t") if row.delimiter == "\t" else next(csv.reader([raw], delimiter=row.delimiter), [])
    wanted = [cell.replace("\0", "\ufffd") for cell in row.cells]
    shown = [cell for cell in cells if cell.strip() and cell != "***"]
    same = all(told in ("***", cell) for told, cell in zip(cells, wanted, strict=False))
    # In a report of buyers a line that does not begin with its date may be the rest of a buyer's comment.
    headless = row.damage == "no date" and row.cells[0] == NO_DATE
    may_be_masked = headless or row.damage in {"nul", "too few", "too many", "cut off"}
    return len(cells) == len(wanted) and same and (bool(shown) or may_be_masked)


def untouched(findings: tuple[Finding, ...], touched: frozenset[str]) -> list[Finding]:
    return [f for f in findings if not {f.fnsku, f.msku, f.reference_id} & touched]


def facts(findings: Iterable[Finding], ledger_cut: bool, account: Account) -> list[tuple[object, ...]]:
    """What must not change of the findings; without products that a figure decides when the ledger was cut."""
    by_figure = account.decided_by_figure if ledger_cut else frozenset()
    return sorted(
        (
            f.finding_id,
            f.rule,
            f.status,
            f.units,
            f.amount,
            f.currency,
            f.claim_from,
            f.claim_by,
            f.fnsku,
            f.reference_id,
        )
        for f in findings
        if f.fnsku not in by_figure
    )
