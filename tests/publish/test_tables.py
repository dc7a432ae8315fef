"""CSV and Parquet say the same, each in its own way."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.formulas import restore
from auditor.model import EVIDENCE_COLUMNS, FINDING_COLUMNS, Results
from auditor.publish.files import result_files
from auditor.publish.tables import FINDINGS, REJECTS, columns, csv_bytes, parquet_bytes, rows_of


def _csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


@pytest.fixture
def files(results: Results) -> dict[str, bytes]:
    return dict(result_files(results))


def test_the_columns_of_findings_are_the_promised_ones_in_their_order(files: dict[str, bytes]) -> None:
    assert files["findings.csv"].decode().splitlines()[0] == ",".join(FINDING_COLUMNS)
    assert pl.read_parquet(files["findings.parquet"]).columns == list(FINDING_COLUMNS)
    assert pl.read_parquet(files["evidence.parquet"]).columns == list(EVIDENCE_COLUMNS)
    assert files["not_claimed.csv"].startswith(b"rule,fnsku,reference_id,units,reason,event_date,msku,marketplace,")


def test_csv_has_no_byte_order_mark_and_one_line_feed_a_row(files: dict[str, bytes]) -> None:
    content = files["not_claimed.csv"]
    assert not content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\n")
    assert b"\r" not in content
    assert content.count(b"\n") == 3


def test_money_has_the_digits_of_its_currency_and_is_blank_when_unknown(files: dict[str, bytes]) -> None:
    rows = {row["finding_id"]: row for row in _csv(files["findings.csv"])}
    assert (rows["f00000000001"]["unit_value"], rows["f00000000001"]["amount"]) == ("12.50", "25.00")
    assert (rows["f00000000003"]["unit_value"], rows["f00000000003"]["amount"]) == ("1250", "2500")
    assert (rows["f00000000007"]["unit_value"], rows["f00000000007"]["amount"]) == ("", "")


def test_every_text_survives_the_way_through_csv(files: dict[str, bytes], results: Results) -> None:
    read = _csv(files["findings.csv"])
    assert [restore(row["title"]) for row in read] == [finding.title for finding in results.findings]
    assert [row["msku"] for row in read][:2] == ["0001", "0002"]


def test_formulas_are_neutralised_in_csv_and_left_alone_in_parquet(files: dict[str, bytes], results: Results) -> None:
    title = results.findings[0].title
    assert title.startswith("=")
    assert _csv(files["findings.csv"])[0]["title"] == "'" + title
    assert pl.read_parquet(files["findings.parquet"])["title"][0] == title
    assert _csv(files["rejects.csv"])[0]["raw"] == "'=1+1\tx\r"
    assert _csv(files["claims/index.csv"])[0]["subject"].startswith("'=")


def test_negative_numbers_stay_numbers(files: dict[str, bytes]) -> None:
    assert _csv(files["findings.csv"])[8]["days_left"] == "-1"
    assert _csv(files["evidence.csv"])[0]["quantity"] == "-5"


def test_parquet_is_typed_and_unknown_is_null(files: dict[str, bytes]) -> None:
    frame = pl.read_parquet(files["findings.parquet"])
    assert frame.schema["claim_by"] == pl.Date
    assert frame.schema["units"] == pl.Int64
    assert frame.schema["amount"] == pl.Decimal(38, 4)
    assert frame.schema["title"] == pl.String
    assert frame["amount"][2] == Decimal(2500)
    assert frame["amount"][6] is None
    assert frame["title"][9] is None


def test_tables_without_rows_keep_their_columns_and_types(empty: Results, files: dict[str, bytes]) -> None:
    blank = dict(result_files(empty))
    assert pl.read_parquet(blank["findings.parquet"]).schema == pl.read_parquet(files["findings.parquet"]).schema
    assert blank["findings.csv"].decode() == ",".join(FINDING_COLUMNS) + "\n"
    assert "claims/index.csv" in blank


def test_the_row_of_an_export_keeps_its_cells_and_their_order(files: dict[str, bytes]) -> None:
    cells = _csv(files["evidence.csv"])[0]["row"]
    assert cells == '{"Date":"2026-05-01","Title":"=Mug","Quantity":"-5","FNSKU":"X000000001"}'
    assert "商品名" in files["evidence.csv"].decode()


def test_each_draft_has_its_text_its_evidence_and_a_line_in_the_index(files: dict[str, bytes]) -> None:
    index = _csv(files["claims/index.csv"])
    assert [row["finding_id"] for row in index] == ["f00000000001", "f00000000002"]
    for row in index:
        assert f"claims/{row['file']}" in files
        proofs = _csv(files[f"claims/{row['file'].removesuffix('.md')}.csv"])
        assert {proof["finding_id"] for proof in proofs} <= {row["finding_id"]}
    assert len(_csv(files["claims/2026-07-03_warehouse_lost_f00000000001.csv"])) == 4


def test_a_draft_cannot_be_written_outside_the_folder(results: Results) -> None:
    from auditor.model import AuditError

    drafts = (replace(results.drafts[0], name="../outside"),)
    with pytest.raises(AuditError, match="outside"):
        list(result_files(replace(results, drafts=drafts)))


def test_run_json_keeps_the_order_and_the_letters_of_the_manifest(files: dict[str, bytes], results: Results) -> None:
    text = files["run.json"].decode()
    assert list(json.loads(text)) == list(results.manifest)
    assert json.loads(text) == results.manifest
    assert "台帳.txt" in text
    assert text.endswith("}\n")


def test_the_same_results_give_the_same_bytes(files: dict[str, bytes], results: Results) -> None:
    again = dict(result_files(results))
    assert files.keys() == again.keys()
    assert [name for name in files if files[name] != again[name]] == []


_TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
_ROWS = st.lists(st.tuples(_TEXT, st.none() | st.integers(-(10**12), 10**12), st.none() | st.dates(), _TEXT))


@given(_ROWS)
def test_any_rows_come_back_from_csv_and_parquet(rows: list[tuple[Any, ...]]) -> None:
    table = columns(("file", "units", "event_date", "title"))
    read = _csv(csv_bytes(table, rows))
    assert [(restore(r["file"]), r["units"], r["event_date"], restore(r["title"])) for r in read] == [
        (a, "" if b is None else str(b), "" if c is None else c.isoformat(), d) for a, b, c, d in rows
    ]
    frame = pl.read_parquet(parquet_bytes(table, rows))
    assert frame.rows() == [(a or None, b, c, d or None) for a, b, c, d in rows]


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from(["EUR", "USD", "JPY", ""]))
def test_money_is_the_same_in_csv_and_parquet(amount: Decimal, currency: str) -> None:
    table = columns(("currency", "amount"))
    rows = [(currency, amount)]
    assert (
        Decimal(_csv(csv_bytes(table, rows))[0]["amount"]) == pl.read_parquet(parquet_bytes(table, rows))["amount"][0]
    )


def test_a_float_among_the_money_is_refused(results: Results) -> None:
    wrong: Any = 12.5
    rows = rows_of(FINDINGS, [replace(results.findings[0], amount=wrong)])
    with pytest.raises(TypeError):
        csv_bytes(FINDINGS, rows)


def test_rejected_rows_name_file_line_and_column(files: dict[str, bytes]) -> None:
    assert [column.name for column in REJECTS] == ["file", "line", "column", "reason", "raw", "severity"]
    assert _csv(files["rejects.csv"])[1] == {
        "file": "ledger.txt",
        "line": "10",
        "column": "Date",
        "reason": "not a date",
        "raw": "",
        "severity": "kept",
    }


def test_dates_are_iso_dates(files: dict[str, bytes]) -> None:
    assert date.fromisoformat(_csv(files["findings.csv"])[0]["claim_by"]) == date(2026, 7, 3)
