"""Every output says the same: the same findings, units and sums of money."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from auditor.model import Results
from auditor.publish.files import result_files

Sums = dict[tuple[str, ...], tuple[int, int, Decimal, int]]


@pytest.fixture
def files(results: Results) -> dict[str, bytes]:
    return dict(result_files(results))


def _sums(rows: Iterable[Mapping[str, Any]]) -> Sums:
    sums: Sums = defaultdict(lambda: (0, 0, Decimal(0), 0))
    for row in rows:
        key = tuple(str(row[name] or "") for name in ("currency", "rule", "status", "confidence"))
        findings, units, amount, unknown = sums[key]
        blank = row["amount"] in {"", None}
        known = Decimal(0) if blank else Decimal(str(row["amount"]))
        sums[key] = (findings + 1, units + int(row["units"]), amount + known, unknown + blank)
    return dict(sums)


def test_csv_parquet_xlsx_and_run_json_have_equal_totals(files: dict[str, bytes]) -> None:
    manifest = {
        (t["currency"], t["rule"], t["status"], t["confidence"]): (
            t["findings"],
            t["units"],
            Decimal(t["amount"] or 0),
            t["without_value"],
        )
        for t in json.loads(files["run.json"])["totals"]
    }
    assert len(manifest) >= 6
    assert _sums(csv.DictReader(io.StringIO(files["findings.csv"].decode(), newline=""))) == manifest
    assert _sums(pl.read_parquet(files["findings.parquet"]).to_dicts()) == manifest
    book = CalamineWorkbook.from_filelike(io.BytesIO(files["findings.xlsx"]))
    header, *rows = book.get_sheet_by_name("Findings").to_python()
    assert _sums(dict(zip(header, row, strict=True)) for row in rows) == manifest


def test_the_calendar_and_the_deadlines_sheet_hold_the_same_findings(files: dict[str, bytes]) -> None:
    rows = csv.DictReader(io.StringIO(files["findings.csv"].decode(), newline=""))
    due = {r["finding_id"] for r in rows if r["status"] in {"open", "waiting"} and r["claim_by"]}
    assert set(re.findall(r"UID:(\w+)@", files["deadlines.ics"].decode())) == due
    book = CalamineWorkbook.from_filelike(io.BytesIO(files["findings.xlsx"]))
    header, *lines = book.get_sheet_by_name("Deadlines").to_python()
    assert {line[header.index("finding id")] for line in lines} == due


def test_evidence_is_the_same_in_every_file(files: dict[str, bytes], results: Results) -> None:
    expected = [(row.finding_id, row.file, row.line, row.units) for row in results.evidence]
    frame = pl.read_parquet(files["evidence.parquet"])
    assert frame.select("finding_id", "file", "line", "units").rows() == expected
    rows = csv.DictReader(io.StringIO(files["evidence.csv"].decode(), newline=""))
    assert [(r["finding_id"], r["file"], int(r["line"]), int(r["units"])) for r in rows] == expected
