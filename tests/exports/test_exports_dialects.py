"""Encodings, line ends, both ways of reading, and the line that every row stands on."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from auditor.exports import Reading, read, rows_at, sha256_of
from auditor.exports import table as table_module
from auditor.exports.encodings import legacy
from auditor.model import WrongUsage

from .conftest import LEDGER_16, Desk, ledger_row, rows

NAMES = LEDGER_16.split("\t")


@pytest.mark.parametrize(
    ("encoding", "title", "named"),
    [
        ("utf-8", "Größe™ 靴", "utf-8"),
        ("utf-8-sig", "Größe™ 靴", "utf-8-sig"),
        ("utf-16", "Größe™ 靴", "utf-16-le"),
        ("cp1252", "Größe™ “Men’s” £5½ Brand®", "cp1252"),
        ("cp1252", "Crème Télévision élan", "cp1252"),
        ("cp1252", "Brand® 90° ½", "cp1252"),
        ("cp1252", "Men’s", "cp1252"),
        ("cp932", "ステンレス製フライパン 26cm", "cp932"),
        ("cp932", "本革 靴", "cp932"),
        ("cp932", "USB充電器 10本", "cp932"),
        ("cp932", "ｽﾃﾝﾚｽ", "cp932"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_are_told_from_the_bytes(
    desk: Desk, encoding: str, title: str, named: str, end: str
) -> None:
    text = end.join([LEDGER_16, ledger_row(title=title), ledger_row(title=title, ref="9"), ""])
    source = desk.source(text, written=encoding)
    reading = desk.read(text, encoding)
    assert reading.encoding == named
    assert [(r["title"], r["line"]) for r in rows(reading)] == [(title, 2), (title, 3)]
    assert rows_at(source, reading, [3])[3]["Reference ID"] == "9"
    assert rows_at(source, reading, [3])[3]["Title"] == title


def test_the_five_undefined_bytes_of_cp1252_are_kept(desk: Desk) -> None:
    (row,) = desk.rows((LEDGER_16 + "\n" + ledger_row(title="a@b é ")).encode("cp1252").replace(b"@", b"\x81") + b"\n")
    assert row["title"] == "a\x81b é"


def test_an_encoding_can_be_stated_and_a_wrong_one_is_wrong_usage(desk: Desk) -> None:
    text = LEDGER_16 + "\n" + ledger_row(title="产品名称") + "\n"
    assert desk.rows(text, "gb18030", encoding="gb18030")[0]["title"] == "产品名称"
    with pytest.raises(WrongUsage, match="no known encoding"):
        desk.read(text, encoding="klingon")
    with pytest.raises(WrongUsage, match="order of day and month"):
        desk.read(text, date_order="ymd")


def test_a_file_cut_in_the_middle_of_a_character_is_still_utf_8(desk: Desk) -> None:
    data = "\n".join([LEDGER_16, ledger_row(title="靴"), ledger_row(title="靴"), ledger_row()[:30] + "靴"]).encode()[
        :-1
    ]
    reading = desk.read(data)
    assert (reading.encoding, reading.rows_read, reading.rows_rejected) == ("utf-8", 3, 1)
    assert rows(reading)[0]["title"] == "靴"


def test_only_line_feeds_end_lines(desk: Desk) -> None:
    title = "a\x0bb\x0cc\u2028d\x85e\rf"
    loaded = desk.rows("\n".join([LEDGER_16, ledger_row(title=title), ledger_row(), ""]))
    assert [(r["title"], r["line"]) for r in loaded] == [(title, 2), ("Pan", 3)]


def test_names_of_files_say_nothing_and_patterns_in_them_are_plain_letters(desk: Desk) -> None:
    for name in ("51901234567.csv", "what [is]*? this", "ledger.jpg"):
        source = desk.source(LEDGER_16 + "\n" + ledger_row() + "\n", name)
        reading = read(source, desk.catalog, desk.cache)
        assert (reading.name, reading.report_id, reading.rows_read) == (name, "ledger_detail", 1)


def test_the_header_is_looked_for_in_the_first_fifty_lines(desk: Desk) -> None:
    assert desk.read("note\n" * 49 + LEDGER_16 + "\n" + ledger_row()).header_line == 50
    assert desk.read("note\n" * 50 + LEDGER_16 + "\n" + ledger_row()).report_id is None
    (row,) = desk.rows("note\n" * 49 + LEDGER_16 + "\n" + ledger_row())
    assert row["line"] == 51


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"hello\nworld\n",
        b"\x89PNG\r\n\x1a\n" + bytes(50),
        b"%PDF-1.7",
        b'{"a": 1}',
        b"a\0b",
        b"\xff\xfe\x00",
    ],
)
def test_other_files_are_unknown_with_a_short_reason(desk: Desk, content: bytes) -> None:
    reading = desk.read(content)
    assert reading.report_id is None
    assert 0 < len(reading.why_unknown) < 90
    assert (reading.problems, reading.parquet, reading.refused) == ((), None, False)


def test_the_same_content_gives_the_same_parquet_under_any_name(desk: Desk) -> None:
    text = LEDGER_16 + "\n" + ledger_row() + "\n"
    one = read(desk.source(text, "a.txt"), desk.catalog, desk.cache)
    bytes_one = one.parquet.read_bytes() if one.parquet else b""
    other = read(desk.source(text, "b.txt"), desk.catalog, desk.cache)
    assert one.parquet == other.parquet
    assert bytes_one == (other.parquet.read_bytes() if other.parquet else None)
    assert sha256_of(desk.source(text)) == one.sha256
    assert [p.name for p in desk.cache.iterdir()] == [one.parquet.name if one.parquet else ""]


def test_a_reading_survives_json_and_a_move_of_the_cache(desk: Desk, tmp_path: Path) -> None:
    reading = desk.read("\n".join([LEDGER_16, ledger_row(reason="Z"), ledger_row(qty="x"), ledger_row(unrec="?")]))
    again = Reading.from_json(reading.to_json(), desk.cache)
    assert again == reading
    assert Reading.from_json(reading.to_json(), tmp_path).parquet == tmp_path / json.loads(reading.to_json())["parquet"]
    assert {r.file for r in reading.renamed("other").rejects} == {"other"}


def test_on_bytes_hears_of_every_byte(desk: Desk) -> None:
    heard: list[int] = []
    reading = desk.read(LEDGER_16 + "\n" + ledger_row() + "\n", on_bytes=heard.append)
    assert sum(heard) == reading.size


CELL = st.text(st.sampled_from("ab \",;'\t\u00e9靴="), max_size=6)
QTY = st.sampled_from(["-1", "2", "x", "", "1.5", "-3.0"])
DAY = st.sampled_from(["07/16/2026", "07/17/2026", "17/07/2026", "", "soon"])


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(
    body=st.lists(st.tuples(DAY, CELL, QTY), min_size=1, max_size=8),
    delimiter=st.sampled_from(["\t", ",", ";"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_every_row_read_is_loaded_or_rejected_and_its_line_really_is_that_row(
    fresh_desk: Callable[[], Desk], body: list[tuple[str, str, str]], delimiter: str, quoting: int, end: str
) -> None:
    desk = fresh_desk()
    lines = [
        ledger_row(date=day, title=title.replace("\t", " "), qty=qty, ref=str(i)).split("\t")
        for i, (day, title, qty) in enumerate(body)
    ]
    text = _written([NAMES, *lines], delimiter, quoting, end)
    source = desk.source(text)
    reading = read(source, desk.catalog, desk.cache)
    loaded = rows(reading)
    assert reading.rows_read == len(body)
    assert len(loaded) == reading.rows_loaded
    assert len([r for r in reading.rejects if r.severity == "left_out"]) == reading.rows_rejected
    original = rows_at(source, reading, [row["line"] for row in loaded])
    for row in loaded:
        assert original[row["line"]]["Reference ID"] == row["reference_id"]
        # A spreadsheet's wrapper around a text, ="...", is no part of it.
        title = re.sub(r'^="(.*)"$', r"\1", original[row["line"]]["Title"]).strip()
        assert title == (row["title"] or "")


def _written(table: list[list[str]], delimiter: str, quoting: int, end: str) -> str:
    if delimiter == "\t":
        return end.join("\t".join(line) for line in table) + end
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(table)  # type: ignore[arg-type]
    return out.getvalue()


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(
    body=st.lists(st.lists(CELL, min_size=12, max_size=12), min_size=1, max_size=6),
    delimiter=st.sampled_from(["\t", ",", ";"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, None]),
    end=st.sampled_from(["\n", "\r\n"]),
)
@example(body=[["", ' ""', *[""] * 10]], delimiter=",", quoting=csv.QUOTE_ALL, end="\n")
def test_the_quick_way_and_the_exact_way_agree(
    fresh_desk: Callable[[], Desk], body: list[list[str]], delimiter: str, quoting: int | None, end: str
) -> None:
    table = [[f"r{i}", *(c.replace("\t", " ") for c in cells[1:])] for i, cells in enumerate(body)]
    table = [NAMES[:12], *table]
    if quoting is None:
        text = end.join(delimiter.join(line) for line in table) + end
    else:
        text = _written(table, delimiter, quoting, end)
    quick, exact = (_as_read(fresh_desk(), text, exact) for exact in (False, True))
    assert quick == exact


def _as_read(desk: Desk, text: str, exact: bool) -> tuple[object, ...]:
    with pytest.MonkeyPatch.context() as patch:
        if exact:
            patch.setattr(table_module, "_quick_way_fits", lambda *_: False)
        reading = desk.read(text)
    return reading.rows_read, reading.rejects, reading.unknown_values, rows(reading)


def test_a_large_uneven_file_is_read_in_batches_in_order(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_module, "BATCH", 7)
    lines = [LEDGER_16, *(ledger_row(ref=str(i)) for i in range(50)), "", ledger_row(ref="50"), ""]
    loaded = desk.rows("\n".join(lines))
    assert [r["reference_id"] for r in loaded] == [str(i) for i in range(51)]
    assert [r["line"] for r in loaded][-2:] == [51, 53]


def test_rows_stay_in_file_order_over_many_blocks(desk: Desk) -> None:
    lines = [LEDGER_16, *(ledger_row(ref=str(i), date=f"07/{i % 28 + 1:02}/2026") for i in range(30_000)), ""]
    reading = desk.read("\n".join(lines))
    assert reading.parquet is not None
    frame = pl.read_parquet(reading.parquet)
    assert frame["reference_id"].to_list() == [str(i) for i in range(30_000)]
    assert frame["line"].to_list() == list(range(2, 30_002))


def test_the_types_of_the_parquet_are_the_catalog_s(desk: Desk) -> None:
    reading = desk.read(LEDGER_16 + "\n" + ledger_row(qty="?") + "\n")
    assert reading.parquet is not None
    schema = pl.read_parquet_schema(reading.parquet)
    assert (schema["date"], schema["quantity"], schema["title"], schema["line"]) == (
        pl.Date,
        pl.Int64,
        pl.String,
        pl.Int64,
    )
    assert list(schema) == [*desk.catalog.reports["ledger_detail"].columns, "line"]


@given(st.text(st.sampled_from("abcdefgh éèàçñüöä®™’–½°£ß \t"), max_size=60))
@settings(max_examples=200, deadline=None)
def test_european_text_is_never_taken_for_japanese(text: str) -> None:
    data = ("Product " + text + "\t").encode("cp1252")
    try:
        data.decode("cp932")
    except UnicodeDecodeError:
        assert legacy([data]) == "cp1252"


def test_utf_16_needs_no_mark(desk: Desk) -> None:
    text = LEDGER_16 + "\r\n" + ledger_row(title="Größe 靴") + "\r\n"
    for written in ("utf-16-le", "utf-16-be"):
        reading = desk.read(text, written)
        assert (reading.encoding, rows(reading)[0]["title"]) == (written, "Größe 靴")


def test_a_header_in_the_middle_is_no_row_and_is_told(desk: Desk) -> None:
    for mark, end in (("", "\n"), ("\ufeff", "\r\n")):
        text = end.join([LEDGER_16, ledger_row(), mark + LEDGER_16, ledger_row(), ""])
        reading = desk.read(text)
        assert (reading.rows_read, reading.rows_rejected) == (2, 0)
        assert [r["line"] for r in rows(reading)] == [2, 4]
        assert "2 exports put together" in reading.problems[0].what


def test_a_line_past_all_measure_costs_its_own_row_only(desk: Desk) -> None:
    text = "\n".join([LEDGER_16, ledger_row(), ledger_row(title="x" * 3_000_000), ledger_row(), ""])
    reading = desk.read(text)
    (reject,) = reading.rejects
    assert (reject.line, len(reject.raw) < 2_100, [r["line"] for r in rows(reading)]) == (3, True, [2, 4])
    assert "longer than" in reject.reason


def test_a_header_of_too_many_columns_is_no_export(desk: Desk) -> None:
    many = "\t".join(["", *(f"c{i}" for i in range(100_000))])
    reading = desk.read(LEDGER_16 + many + "\n" + ledger_row() + "\n")
    assert reading.refused
    assert "columns" in reading.problems[0].what
