"""Rows that cannot be read: nothing is dropped silently, nothing is guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from auditor.exports import rows_at

from .conftest import LEDGER_16, Desk, ledger_row, rows
from .test_exports_reports import ORDERS, RETURNS, as_csv, order_row


def ledger(*lines: str, end: str = "\n") -> str:
    return end.join([LEDGER_16, *lines, ""])


@pytest.mark.parametrize(
    ("bad", "column"),
    [
        ({"date": "13/45/2026"}, "Date"),
        ({"date": ""}, "Date"),
        ({"date": "yesterday"}, "Date"),
        ({"qty": "12.7"}, "Quantity"),
        ({"qty": ""}, "Quantity"),
        ({"qty": "1,000"}, "Quantity"),
        ({"fnsku": "  "}, "FNSKU"),
        ({"event": ""}, "Event Type"),
    ],
)
def test_a_row_without_a_date_a_quantity_or_a_key_is_left_out_and_told(
    desk: Desk, bad: dict[str, str], column: str
) -> None:
    reading = desk.read(ledger(ledger_row(), ledger_row(**bad), ledger_row(qty="-3")))
    (reject,) = reading.rejects
    assert (reading.rows_read, reading.rows_rejected) == (3, 1)
    assert (reject.line, reject.column, reject.severity, reject.file) == (3, column, "left_out", "file.txt")
    assert "20076865361276" in reject.raw
    assert [r["line"] for r in rows(reading)] == [2, 4]


def test_an_unreadable_reconciliation_figure_keeps_its_row(desk: Desk) -> None:
    reading = desk.read(ledger(ledger_row(unrec="n/a")))
    (reject,) = reading.rejects
    (row,) = rows(reading)
    assert (reject.column, reject.severity, reading.rows_rejected) == ("Unreconciled Quantity", "kept", 0)
    assert (row["unreconciled"], row["reconciled"]) == (None, 0)


def test_whole_numbers_may_have_signs_and_empty_decimals(desk: Desk) -> None:
    loaded = desk.rows(ledger(*(ledger_row(qty=q) for q in ("-1.0", "+2", "\u22123", " 4 ", "0"))))
    assert [r["quantity"] for r in loaded] == [-1, 2, -3, 4, 0]


def test_rejected_rows_name_the_products_and_orders_they_touch(desk: Desk) -> None:
    reading = desk.read(
        ledger(ledger_row(fnsku="X000000077", qty="?"), ledger_row(), "07/16/2026\tX000000088\tB1\tS", ledger_row())
    )
    assert reading.rejected_keys == (("fnsku", "X000000077"), ("fnsku", "X000000088"))


def test_a_short_row_in_the_middle_is_left_out_when_it_lacks_what_is_needed(desk: Desk) -> None:
    reading = desk.read(ledger(ledger_row(), "07/16/2026\tX000000001\tB000000001", ledger_row()))
    (reject,) = reading.rejects
    assert (reading.rows_read, reading.rows_rejected, reject.line) == (3, 1, 3)
    assert "3 cells" in reject.reason


def test_rows_that_lack_only_optional_cells_are_padded(desk: Desk) -> None:
    short = "\t".join(ledger_row().split("\t")[:12])
    reading = desk.read(ledger(ledger_row(), short, ledger_row(), short))
    assert (reading.rows_read, reading.rows_rejected) == (4, 0)
    assert [r["unreconciled"] for r in rows(reading)] == [1, None, 1, None]


def test_a_damaged_short_row_does_not_excuse_a_last_row_that_is_cut_off(desk: Desk) -> None:
    damaged, cut = "07/16/2026\tX000000001", "\t".join(ledger_row().split("\t")[:13])
    reading = desk.read("\n".join([LEDGER_16, ledger_row(), damaged, ledger_row(), cut]))
    assert [(reject.line, reject.severity) for reject in reading.rejects] == [(3, "left_out"), (5, "left_out")]
    assert "truncated" in reading.rejects[1].reason


def test_a_last_row_that_is_cut_off_is_a_truncated_file(desk: Desk) -> None:
    cut = "\t".join(ledger_row().split("\t")[:13])
    reading = desk.read("\n".join([LEDGER_16, ledger_row(), ledger_row(), cut]))
    (reject,) = reading.rejects
    assert (reject.line, reject.severity, reading.rows_rejected) == (4, "left_out", 1)
    assert "truncated" in reject.reason
    assert any("Download" in p.remedy for p in reading.problems)


def test_rows_with_more_cells_than_the_header_are_left_out_unless_the_extra_ones_are_blank(desk: Desk) -> None:
    reading = desk.read(ledger(ledger_row() + "\t\t", ledger_row() + "\tmore", ledger_row()))
    assert [r.line for r in reading.rejects] == [3]
    assert [r["line"] for r in rows(reading)] == [2, 4]


def test_blank_lines_are_no_rows(desk: Desk) -> None:
    reading = desk.read(ledger(ledger_row(), "", ledger_row(), "\t" * 15, "   ", "\t".join(['""'] * 16), ""))
    assert (reading.rows_read, reading.rows_rejected) == (2, 0)
    assert [r["line"] for r in rows(reading)] == [2, 4]


def test_tab_files_are_not_csv(desk: Desk) -> None:
    titles = ['10" pan', '"quoted"', '"say ""hi"""', '"', '"open', "a,b;c"]
    loaded = desk.rows(ledger(*(ledger_row(title=t) for t in titles)))
    assert [r["title"] for r in loaded] == ['10" pan', "quoted", 'say "hi"', '"', '"open', "a,b;c"]


def test_a_quoted_line_break_is_one_row_with_the_line_it_begins_on(desk: Desk) -> None:
    lines = as_csv("\n".join([LEDGER_16, ledger_row(title="@@"), ledger_row(title="next")])).replace(
        "@@", 'two\nlines ""x""'
    )
    reading = desk.read(lines)
    first, second = rows(reading)
    assert (first["title"], first["line"], second["title"], second["line"]) == ('two\nlines "x"', 2, "next", 4)


def test_a_quote_that_is_never_closed_costs_its_own_row_only(desk: Desk) -> None:
    good = as_csv(ledger_row()).strip()
    bad = good.replace('"Pan"', '"Pan')
    reading = desk.read("\r\n".join([as_csv(LEDGER_16).strip(), good, bad, *[good] * 500]) + "\r\n")
    assert (reading.rows_read, [r.line for r in reading.rejects]) == (502, [3])


def test_an_identifier_that_a_spreadsheet_took_for_a_number_or_a_day_is_unknown_and_its_row_is_kept(desk: Desk) -> None:
    for damaged in ("2.00782E+13", "2,00782E+13", "4,573,490,000,000.00", "5-Mar", "Mar-05", "02. Jan", "01.Mrz"):
        reading = desk.read(ledger(ledger_row(ref=damaged)))
        (reject,) = reading.rejects
        (row,) = rows(reading)
        assert (row["reference_id"], reject.severity, reject.column) == (None, "kept", "Reference ID")
        assert "damaged by a spreadsheet" in reject.reason
        assert reading.rows_rejected == 0


def test_identifiers_keep_their_form(desk: Desk) -> None:
    for msku in ("0012345", "1-2", "MAR-05", "=1+1", "SKU  two", "1E5", "12.50", "mar-05", "MARS-05", "5-March"):
        (row,) = desk.rows(ledger(ledger_row(msku=msku)))
        assert row["msku"] == msku


def test_a_spreadsheet_s_text_formula_is_unwrapped(desk: Desk) -> None:
    (row,) = desk.rows(ledger(ledger_row(ref='="20076865361276"', qty='="-2"')))
    assert (row["reference_id"], row["quantity"]) == ("20076865361276", -2)


def test_buyers_stay_out_of_rejects_and_evidence(desk: Desk) -> None:
    row = order_row(
        amazon_order_id="111-1111111-1111111",
        purchase_date="never",
        sku="S",
        quantity="1",
        ship_city="Springfield",
        ship_postal_code="12345",
        cpf="999",
    )
    source = desk.source("\n".join([ORDERS, row, ""]))
    reading = desk.read("\n".join([ORDERS, row, ""]))
    (reject,) = reading.rejects
    evidence = rows_at(source, reading, [2])[2]
    for secret in ("Springfield", "12345", "999"):
        assert secret not in reject.raw
        assert secret not in str(evidence)
    assert evidence["purchase-date"] == "never"
    assert not {"ship-city", "cpf"} & set(evidence)


def test_a_comment_broken_over_lines_does_not_leak(desk: Desk) -> None:
    row = "2025-06-05\t114-2962899-5762619\tS-1\tB1\tB1\tPad\t1\tLEX1\tSELLABLE\tDEFECTIVE\t\tLPN1\tJane Doe"
    reading = desk.read("\n".join([RETURNS, row, "lives in\tSpringfield", row, ""]))
    assert reading.rows_rejected == 1
    assert "Springfield" not in reading.rejects[0].raw
    assert "lives" not in reading.rejects[0].raw


def test_long_cells_are_cut_in_what_is_shown(desk: Desk) -> None:
    reading = desk.read(ledger(ledger_row(qty="x", title="T" * 5000)))
    assert len(reading.rejects[0].raw) < 500


def test_an_ambiguous_date_is_asked_for_and_never_guessed(desk: Desk) -> None:
    text = (
        "sku,unit-cost,currency,effective-from\nA,1.00,USD,05/06/2026\nB,1.00,USD,07/08/2026\nC,1.00,USD,04/04/2026\n"
    )
    reading = desk.read(text)
    assert (reading.rows_rejected, [r.line for r in reading.rejects]) == (2, [2, 3])
    assert "mdy or dmy" in reading.problems[0].remedy
    assert [r["effective_from"] for r in desk.rows(text, date_order="dmy")] == [
        date(2026, 6, 5),
        date(2026, 8, 7),
        date(2026, 4, 4),
    ]
    assert desk.rows(text, date_order="mdy")[0]["effective_from"] == date(2026, 5, 6)


def test_one_value_above_twelve_settles_a_column_and_its_neighbours(desk: Desk) -> None:
    head = "Shipment name,Shipment ID,Created,Last updated,Ship to,SKUs,Units expected,Units located,Status\n"
    loaded = desk.rows(
        head + "A,FBA1,01/02/2024,03/02/2024,X,1,1,1,CLOSED\nB,FBA2,02/02/2024,25/02/2024,X,1,1,1,CLOSED\n"
    )
    assert [(r["created"], r["updated"]) for r in loaded] == [
        (date(2024, 2, 1), date(2024, 2, 3)), (date(2024, 2, 2), date(2024, 2, 25)),
    ]  # fmt: skip


def test_the_ledger_is_month_first_unless_its_values_prove_otherwise(desk: Desk) -> None:
    bare = [ledger_row(date="05/06/2026", time=""), ledger_row(date="05/07/2026", time="")]
    assert [r["date"] for r in desk.rows(ledger(*bare))] == [date(2026, 5, 6), date(2026, 5, 7)]
    assert [r["date"] for r in desk.rows(ledger(*bare, ledger_row(date="25/07/2026", time="")))][:2] == [
        date(2026, 6, 5),
        date(2026, 7, 5),
    ]


def test_one_impossible_date_does_not_turn_a_ledger_round(desk: Desk) -> None:
    good = [ledger_row(date="05/06/2026", time=""), ledger_row(date="05/27/2026", time="")]
    reading = desk.read(ledger(*good, ledger_row(date="31/12/2026", time="")))
    assert [r.line for r in reading.rejects] == [4]
    assert [r["date"] for r in rows(reading)] == [date(2026, 5, 6), date(2026, 5, 27)]


def test_the_ledger_s_own_timestamps_tell_day_first_from_month_first(desk: Desk) -> None:
    text = ledger(
        ledger_row(date="05/06/2026", time="2026-06-05T00:00:00+0100"), ledger_row(date="31/06/2026", time="")
    )
    reading = desk.read(text)
    assert [r["date"] for r in rows(reading)] == [date(2026, 6, 5)]


@pytest.mark.parametrize(("moment", "day"), [("2026-03-04", date(2026, 3, 4)), ("2026-04-03", date(2026, 4, 3))])
def test_a_settlement_s_moments_tell_the_order_of_its_days(desk: Desk, moment: str, day: date) -> None:
    names = [
        "settlement-id",
        "settlement-start-date",
        "settlement-end-date",
        "total-amount",
        "currency",
        "transaction-type",
    ]
    names += ["amount-type", "amount-description", "amount", "posted-date", "posted-date-time"]
    rows = [["1", "2026-03-01", "2026-04-13", "1.00", "USD", *[""] * 6]]
    rows += [["1", *[""] * 4, "Order", "ItemPrice", "Principal", "1.00", "03/04/26", f"{moment} 08:49:04 UTC"]]
    loaded = desk.rows("\n".join("\t".join(cells) for cells in [names, *rows]) + "\n")
    assert loaded[1]["date"] == day


COSTS = "sku;unit-cost;currency;effective-from\n"


@pytest.mark.parametrize(
    ("printed", "values"),
    [
        (["95,00", "1.234", "3"], ["95", "1234", "3"]),
        (["95.00", "1,234", "0.011"], ["95", "1234", "0.011"]),
        (["1.234,56", "-7,5"], ["1234.56", "-7.5"]),
        (["1\u00a0234,56", "\u22127,5"], ["1234.56", "-7.5"]),
        (["5.0E-4", "€ 12.50", "1,23,456.00"], ["0.0005", "12.5", "123456"]),
        (["1.125", "2.250"], ["1.125", "2.25"]),
        (["0,125", "2,250"], ["0.125", "2.25"]),
        (["24732.00", "1,234,567"], ["24732", "1234567"]),
    ],
)
def test_the_decimal_sign_is_decided_once_per_file(desk: Desk, printed: list[str], values: list[str]) -> None:
    text = COSTS + "".join(f"S{i};{p};EUR;\n" for i, p in enumerate(printed))
    assert [r["unit_cost"] for r in desk.rows(text)] == [Decimal(v) for v in values]


@pytest.mark.parametrize("printed", ["1,234", "12,50x", "(5.00)", "--"])
def test_money_that_cannot_be_read_is_unknown_and_its_row_is_kept(desk: Desk, printed: str) -> None:
    reading = desk.read(COSTS + f"A;{printed};EUR;\n")
    (row,) = rows(reading)
    (reject,) = reading.rejects
    assert (row["unit_cost"], reject.severity, reject.column) == (None, "kept", "unit-cost")


def test_money_with_more_than_four_decimals_is_rounded_and_told(desk: Desk) -> None:
    reading = desk.read(COSTS + "A;1.33333333;EUR;\n")
    assert rows(reading)[0]["unit_cost"] == Decimal("1.3333")
    assert "rounded" in reading.rejects[0].reason


def test_a_money_column_of_blanks_is_unknown_without_a_reject(desk: Desk) -> None:
    reading = desk.read(COSTS + "A; ;EUR;\nB;;EUR;\n")
    assert reading.rejects == ()
    assert [r["unit_cost"] for r in rows(reading)] == [None, None]


def test_nul_bytes_cost_their_own_row(desk: Desk) -> None:
    reading = desk.read(ledger(ledger_row(), ledger_row(title="P\0n"), ledger_row()))
    (reject,) = reading.rejects
    assert (reject.line, reading.rows_read, reading.rows_rejected) == (3, 3, 1)
    assert "\0" not in reject.raw


def test_a_reject_of_a_comma_file_shows_its_row_as_such_a_file_writes_it(desk: Desk) -> None:
    reading = desk.read(as_csv(ledger(ledger_row(title='Pan, 10" wide', qty="x"))))
    assert '"Pan, 10"" wide",Adjustments' in reading.rejects[0].raw


def test_a_bare_inch_mark_in_a_comma_file_is_a_character(desk: Desk) -> None:
    rows_ = [
        r.replace("\t", ",")
        for r in (LEDGER_16, ledger_row(title='10" pan'), ledger_row(title='a "b" c'), ledger_row())
    ]
    assert [r["title"] for r in desk.rows("\n".join(rows_))] == ['10" pan', 'a "b" c', "Pan"]


def test_outer_spaces_of_every_kind_go_and_a_cell_of_spaces_is_blank(desk: Desk) -> None:
    text = ledger(ledger_row(title="\u00a0Pan\u3000", date=" 07/16/2026 ", qty="\u00a0-1", reason="  "))
    (row,) = desk.rows(text)
    assert (row["title"], row["date"], row["quantity"], row["reason"]) == ("Pan", date(2026, 7, 16), -1, None)


def test_very_many_amounts_read_like_few(desk: Desk) -> None:
    printed = [f"{i}.{i % 100:02}" for i in range(3_000)]
    text = "sku,unit-cost,currency\n" + "".join(f"S,{p},EUR\n" for p in [*printed, "odd", "1.123456"])
    reading = desk.read(text)
    assert [r["unit_cost"] for r in rows(reading)] == [*(Decimal(p) for p in printed), None, Decimal("1.1235")]
    assert [r.line for r in reading.rejects] == [3_002, 3_003]
    comma = COSTS + "".join(f"S;{i}.000,{i % 100:02};EUR;\n" for i in range(1, 2_500))
    assert desk.rows(comma)[997]["unit_cost"] == Decimal("998000.98")
