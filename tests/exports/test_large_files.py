"""Large files are written on trial; whatever their later rows are like, they give what they give without a trial."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from auditor.exports import Catalog, Reading, load, trial
from auditor.exports.table import FEW_ROWS

from .conftest import LEDGER_16, Desk, ledger_row, rows

PLAIN = [ledger_row(date=f"07/{day:02d}/2026", event="Shipments", ref="") for day in range(1, 29)]
ODD_ROWS = {
    "plain": ledger_row(),
    "a date in another form": ledger_row(date="2026-07-16"),
    "a date with a time": ledger_row(date="07/16/2026 10:00:00"),
    "no date": ledger_row(date="soon"),
    "a blank date": ledger_row(date=""),
    "a count with decimals": ledger_row(quantity="-2.0"),
    "a count that is none": ledger_row(quantity="two"),
    "an unknown figure": ledger_row(unrec="?"),
    "a blank product": ledger_row(fnsku=" "),
    "an identifier that a spreadsheet cut": ledger_row(ref="2.00769E+13"),
    "spaces around cells": ledger_row(fc=" PHL7 ", title="Pan "),
    "wide spaces around cells": ledger_row(title="\u3000Pan\u00a0"),
    "a wrapped cell": ledger_row(title='"Pan, 12"" wide"'),
    "inches": ledger_row(title='Pan 12" wide'),
    "a formula": ledger_row(ref='="20076865361276"'),
    "a code that nobody listed": ledger_row(reason="Z"),
    "a missing cell": ledger_row().rsplit("\t", 4)[0],
}


@pytest.fixture
def desk(tmp_path: Path, catalog: Catalog) -> Desk:
    return Desk(tmp_path, catalog)


def _large(row: str) -> str:
    whole = PLAIN * (FEW_ROWS // len(PLAIN) + 2)
    return "\n".join([LEDGER_16, *whole, row, *PLAIN]) + "\n"


def _comparable(reading: Reading) -> Reading:
    return replace(reading, parquet=None)


@pytest.mark.parametrize("row", ODD_ROWS.values(), ids=ODD_ROWS)
def test_a_trial_changes_nothing_of_what_is_read(row: str, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = desk.read(_large(row))
    rows_tried = rows(tried)
    monkeypatch.setattr(load, "trial", lambda *_: None)
    untried = desk.read(_large(row))
    assert _comparable(tried) == _comparable(untried)
    assert rows_tried == rows(untried)


def test_a_plain_large_file_is_written_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "_written", _refuse("written again"))
    assert desk.read(_large(ledger_row())).rows_loaded > FEW_ROWS


def test_a_small_file_is_not_tried(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "_readings", _refuse("tried"))
    assert len(rows(desk.read("\n".join([LEDGER_16, *PLAIN])))) == len(PLAIN)


def _refuse(what: str) -> Callable[..., None]:
    def refuse(*_: object) -> None:
        raise AssertionError(what)

    return refuse


def test_what_one_thread_has_noted_no_other_takes_back(catalog: Catalog) -> None:
    column = catalog.reports["ledger_detail"].columns["reference_id"]
    note = trial._Note(column, None)
    inner = pl.Series(["2.00769E+13"], dtype=pl.String)

    class Slow:
        """Cells without a fault; while they are looked at, another thread notes a fault."""

        def null_count(self) -> int:
            return 0

        def filter(self, _: object) -> Slow:
            return self

        def __lt__(self, _: object) -> bool:
            return True

        @property
        def str(self) -> Slow:
            return self

        def contains(self, _: object) -> Slow:
            return self

        def any(self) -> bool:
            note._note(inner)
            return False

    note._note(Slow())  # type: ignore[arg-type]
    assert note.damaged
