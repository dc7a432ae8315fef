"""Overlapping exports: what counts once, what counts twice, and who may revise what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from auditor.exports.catalog import Catalog
from auditor.store.tables import Tables

from .conftest import LEDGER, ORDER_ROW, ORDERS, SETTLEMENT, Shelf, contents, event, ledger, table

QUANTITIES = "select reference_id, quantity from ledger order by all"


def ends(some: str = "20000000000009") -> list[dict[str, str]]:
    """Two plain rows that make an export reach from 1 April to 30 April."""
    return [event("04-01", ref=some), event("04-30", ref=some)]


def assert_every_row_is_accounted_for(tables: Tables) -> None:
    """Loaded rows stand in a table (bulk rows and rows after the as-of date aside) or are repeated."""
    for index, export in enumerate(tables.exports):
        reading = export.reading
        assert 0 <= tables.repeated[index] <= reading.rows_loaded
        assert reading.rows_read == reading.rows_loaded + reading.rows_rejected


def test_identical_rows_of_one_export_are_different_events(shelf: Shelf) -> None:
    shelf.put(one=ledger(event("04-10"), event("04-10"), event("04-10")))
    assert len(shelf.rows(QUANTITIES)) == 3


def test_the_same_row_in_two_exports_is_one_event(shelf: Shelf) -> None:
    shelf.put(one=ledger(*ends(), event("04-10")), two=ledger(*ends(), event("04-10"), event("05-02")))
    assert len(shelf.rows(QUANTITIES)) == 4


def test_twins_count_as_often_as_in_the_export_that_has_most_of_them(shelf: Shelf) -> None:
    twin = event("04-10")
    shelf.put(one=ledger(*ends(), twin, twin, twin), two=ledger(*ends(), twin, twin, event("05-02")))
    assert shelf.rows("select count(*) from ledger where reference_id = '20000000000001' and date = '2026-04-10'") == [
        (3,)
    ]


def test_rows_that_differ_in_a_title_or_a_figure_are_still_the_same_event(shelf: Shelf) -> None:
    before, after = event("04-10", left="1", title="Pan"), event("04-10", left="0", title="Pan, blue")
    shelf.put(old=ledger(*ends(), before), new=ledger(*ends(), after, event("05-02", ref="20000000000002")))
    seen = shelf.rows("select title, unreconciled, export_last_day from ledger where date = '2026-04-10'")
    assert seen == [("Pan, blue", 0, date(2026, 5, 2))]


def test_the_newest_export_is_the_one_that_reaches_furthest_whatever_its_name(shelf: Shelf) -> None:
    shelf.put(b=ledger(*ends(), event("04-10", left="1")), a=ledger(event("04-10", left="0"), event("05-02")))
    assert shelf.rows("select unreconciled from ledger where date = '2026-04-10'") == [(0,)]
    shelf.put(b=ledger(event("04-10", left="0"), event("05-02")), a=ledger(*ends(), event("04-10", left="1")))
    assert shelf.rows("select unreconciled from ledger where date = '2026-04-10'") == [(0,)]


def test_a_filtered_export_erases_no_row_of_another(shelf: Shelf) -> None:
    shelf.put(
        whole=ledger(*ends(), event("04-10"), event("04-11", ref="20000000000002")),
        filtered=ledger(event("04-10", left="0"), event("05-20", ref="20000000000003")),
    )
    left = dict(shelf.rows("select reference_id, unreconciled from ledger where day(date) in (10, 11, 20)"))
    assert left == {"20000000000001": 0, "20000000000002": 1, "20000000000003": 1}


def test_an_export_without_figures_never_revises_those_of_another(shelf: Shelf) -> None:
    shelf.put(
        full=ledger(*ends(), event("04-10", left="1")),
        narrow=ledger(event("04-10"), event("06-30", ref="20000000000002"), columns=12),
    )
    seen = shelf.rows("select unreconciled, has_figures, export_last_day from ledger where date = '2026-04-10'")
    assert seen == [(1, True, date(2026, 4, 30))]
    assert shelf.rows("select has_figures, unreconciled from ledger where date = '2026-06-30'") == [(False, None)]


def test_days_that_only_one_export_covers_pass_as_they_are(shelf: Shelf) -> None:
    shelf.put(
        april=ledger(event("04-01"), event("04-10"), event("04-10"), event("04-30")),
        may=ledger(event("05-01"), event("05-10"), event("05-10")),
    )
    assert len(shelf.rows(QUANTITIES)) == 7


def test_rows_after_the_as_of_date_do_not_exist(shelf: Shelf) -> None:
    shelf.put(one=ledger(event("04-10"), event("04-11")))
    tables = shelf.tables(date(2026, 4, 10))
    assert tables.con.execute("select date from ledger").fetchall() == [(date(2026, 4, 10),)]
    assert tables.repeated == {0: 0}


def test_the_way_back_leads_to_the_line_of_the_file(shelf: Shelf) -> None:
    shelf.put(one=ledger(*ends(), event("04-10", ref="20000000000007")))
    tables = shelf.tables()
    (row_id,) = tables.con.execute("select row_id from ledger where reference_id = '20000000000007'").fetchall()[0]
    reading, line = tables.place(row_id)
    text = (shelf.folder / reading.name).read_text(encoding="utf-8").splitlines()
    assert (reading.name, "20000000000007" in text[line - 1]) == ("one.txt", True)
    assert tables.original_rows([row_id])[row_id]["Reference ID"] == "20000000000007"


def test_the_pieces_of_an_export_that_was_cut_within_a_day_are_one_export(shelf: Shelf) -> None:
    shelf.put(
        one=ledger(event("04-01", left="1"), event("04-10", ref="20000000000002")),
        two=ledger(event("04-10", ref="20000000000003"), event("04-30")),
    )
    assert shelf.rows("select distinct export_last_day from ledger") == [(date(2026, 4, 30),)]


def test_a_row_in_common_may_be_one_event_in_two_exports_and_is_never_added(shelf: Shelf) -> None:
    shared = event("04-10")
    shelf.put(
        one=ledger(event("04-01"), shared, event("04-10", ref="20000000000002")),
        two=ledger(shared, event("04-10", ref="20000000000003"), event("04-30")),
    )
    assert shelf.rows("select count(*) from ledger where reference_id = '20000000000001' and day(date) = 10") == [(1,)]


@pytest.mark.parametrize("copied", ["one", "two"])
def test_a_piece_of_a_cut_export_that_was_also_saved_again_counts_once(shelf: Shelf, copied: str) -> None:
    loss, bulk = event("04-02"), event("04-03", event="Shipments", reason="", ref="")
    pieces = {
        "one": ledger(loss, bulk, event("04-10", ref="20000000000002")),
        "two": ledger(event("04-10", ref="20000000000003"), loss | {"Date": "04/20/2026"}, event("04-30")),
    }
    shelf.put(**pieces, again=pieces[copied].replace("\n", "\r\n"))
    tables = shelf.tables()
    assert tables.con.execute("select count(*), count(distinct (date, reference_id)) from ledger").fetchone() == (5, 5)
    assert_every_row_is_accounted_for(tables)
    assert min(tables.repeated.values()) == 0
    assert shelf.rows("select distinct export_last_day from ledger") == [(date(2026, 4, 30),)]


def test_where_two_files_could_be_the_other_half_neither_is_joined(shelf: Shelf) -> None:
    shelf.put(
        rest=ledger(event("04-10", ref="20000000000003"), event("04-30")),
        half=ledger(event("04-01", ref="20000000000001"), event("04-10", ref="20000000000002")),
        older=ledger(event("03-01", ref="20000000000007"), event("04-01"), event("04-10", ref="20000000000002")),
    )
    assert shelf.rows("select distinct export_last_day from ledger order by all") == [
        (date(2026, 4, 10),),
        (date(2026, 4, 30),),
    ]


def test_layouts_may_spell_one_event_differently(shelf: Shelf) -> None:
    shelf.put(
        one=ledger(event("04-10", country="GB", disposition="SELLABLE", event="Adjustments")),
        two=ledger(event("04-10", country="uk", disposition="Sellable", event="Adjustment")),
    )
    assert shelf.rows("select count(*) from ledger") == [(1,)]


def test_a_figure_stated_after_the_as_of_date_is_unknown(shelf: Shelf) -> None:
    shelf.put(one=ledger(event("04-10", left="0"), event("04-30")))
    tables = shelf.tables(date(2026, 4, 20))
    assert tables.con.execute("select has_figures from ledger").fetchall() == [(False,)]
    assert tables.coverage["ledger"].last == date(2026, 4, 20)


def test_two_exports_that_both_hold_the_whole_of_their_common_day_are_two(shelf: Shelf) -> None:
    twin = event("04-10")
    shelf.put(one=ledger(event("04-01"), twin, twin), two=ledger(twin, twin, event("04-30")))
    assert len(shelf.rows(QUANTITIES)) == 4


def settlement(*rows: dict[str, str], summary: bool = True) -> str:
    first = {
        "settlement-id": "25000000001", "settlement-start-date": "2026-04-01", "settlement-end-date": "2026-04-15",
        "deposit-date": "2026-04-17", "total-amount": "-20.00", "currency": "EUR",
    }  # fmt: skip
    common = {"settlement-id": "25000000001", "marketplace-name": "Amazon.de", "amount-type": "ItemPrice"}
    return table(SETTLEMENT, [*([first] if summary else []), *(common | row for row in rows)])


def refund(order: str, amount: str = "-10.00") -> dict[str, str]:
    return {
        "transaction-type": "Refund", "order-id": order, "amount-description": "Principal", "amount": amount,
        "posted-date": "2026-04-10", "sku": "SKU-1",
    }  # fmt: skip


def test_a_settlement_in_two_files_keeps_its_currency_and_period(shelf: Shelf) -> None:
    shelf.put(one=settlement(refund("111-1")), two=settlement(refund("111-2"), summary=False))
    rows = shelf.rows(
        """select order_id, currency, period_start, period_end, amount from settlements_v2
           where transaction_type = 'Refund' order by order_id"""
    )
    period = ("EUR", date(2026, 4, 1), date(2026, 4, 15), Decimal("-10.0000"))
    assert rows == [("111-1", *period), ("111-2", *period)]


def test_the_same_settlement_downloaded_twice_counts_once(shelf: Shelf) -> None:
    shelf.put(one=settlement(refund("111-1"), refund("111-2")), two=settlement(refund("111-2"), refund("111-1")))
    assert shelf.rows("select count(*) from settlements_v2 where transaction_type = 'Refund'") == [(2,)]
    assert shelf.tables().doubts == []


def test_a_settlement_whose_rows_do_not_add_up_is_doubted(shelf: Shelf) -> None:
    tables = shelf.put(one=settlement(refund("111-1"))).tables()
    (doubt,) = tables.doubts
    assert (doubt.file, "add up to -10.00, but it states -20.00" in doubt.what) == ("one.txt", True)
    assert "Download the settlement again" in doubt.remedy
    incomplete = [("25000000001", date(2026, 4, 15))]
    assert tables.con.execute("select * from incomplete_settlements").fetchall() == incomplete


def test_the_rest_of_a_settlement_without_its_first_row_is_incomplete_and_may_end_on_any_day(shelf: Shelf) -> None:
    tables = shelf.put(rest=settlement(refund("111-2"), summary=False)).tables()
    assert tables.con.execute("select * from incomplete_settlements").fetchall() == [("25000000001", None)]
    assert "no summary row" in tables.doubts[0].what


def test_an_audit_of_a_day_within_a_settlement_does_not_doubt_its_sum(shelf: Shelf) -> None:
    later = refund("111-2") | {"posted-date": "2026-04-12"}
    tables = shelf.put(one=settlement(refund("111-1"), later)).tables(date(2026, 4, 11))
    assert tables.doubts == []
    assert tables.con.execute("select count(*) from settlements_v2 where order_id is not null").fetchall() == [(1,)]
    assert_every_row_is_accounted_for(tables)


def test_a_settlement_that_was_cut_off_is_doubted_on_any_day(shelf: Shelf) -> None:
    later = refund("111-2", "-5.00") | {"posted-date": "2026-04-12"}
    (doubt,) = shelf.put(one=settlement(refund("111-1"), later)).tables(date(2026, 4, 11)).doubts
    assert "add up to -15.00" in doubt.what


def test_a_shipment_contents_file_handed_in_twice_counts_once(shelf: Shelf) -> None:
    shelf.put(
        one=contents("FBA15A", ("SKU-1", 4), ("SKU-1", 6)), two=contents("FBA15A", ("SKU-1", 4), ("SKU-1", 6)) + "\n"
    )
    assert shelf.rows("select shipment_id, sum(quantity) from shipment_contents group by all") == [("FBA15A", 10)]


def test_of_two_contents_files_of_one_shipment_the_one_with_most_units_counts(shelf: Shelf) -> None:
    shelf.put(one=contents("FBA15A", ("SKU-1", 4), ("SKU-1", 6)), two=contents("FBA15A", ("SKU-1", 9), ("SKU-2", 1)))
    shelf.put(three=contents("FBA15B", ("SKU-1", 2)))
    rows = shelf.rows("select shipment_id, msku, sum(quantity) from shipment_contents group by all order by all")
    assert rows == [("FBA15A", "SKU-1", 10), ("FBA15A", "SKU-2", 1), ("FBA15B", "SKU-1", 2)]


def test_of_two_states_of_an_order_the_newest_one_counts(shelf: Shelf) -> None:
    later = {"last-updated-date": "2026-04-09T08:00:00+00:00", "order-status": "Cancelled"}
    shelf.put(
        a=table(ORDERS, [ORDER_ROW | later]),
        b=table(ORDERS, [ORDER_ROW, ORDER_ROW | {"amazon-order-id": "111-0000001-0000002"}]),
    )
    assert shelf.rows("select order_id, order_status from orders order by all") == [
        ("111-0000001-0000001", "Cancelled"),
        ("111-0000001-0000002", "Shipped"),
    ]


# Exports cut at random out of one ledger: overlapping, filtered, with twins.

few_rows = st.lists(
    st.tuples(st.integers(1, 12), st.sampled_from(["M", "F", "Shipments"]), st.sampled_from(["1", "2"])).map(
        lambda row: (*row[:2], "") if row[1] == "Shipments" else row
    ),
    max_size=8,
)
shelves_settings = settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])


def whole(exports: list[list[tuple[int, str, str]]]) -> bool:
    """Whether none touches another on a single day, as the pieces of one export do."""
    days = [(min(rows)[0], max(rows)[0]) for rows in exports if rows]
    return not any(one != other and one[1] == other[0] for one in days for other in days) and all(
        a < b for a, b in days
    )


def made_of(rows: list[tuple[int, str, str]]) -> str:
    return ledger(
        *(
            event(
                f"04-{day:02}",
                event="Shipments" if reason == "Shipments" else "Adjustments",
                reason="" if reason == "Shipments" else reason,
                ref="" if reason == "Shipments" else f"2000000000000{ref}",
            )
            for day, reason, ref in rows
        )
    )


@shelves_settings
@given(st.lists(few_rows, min_size=1, max_size=3))
def test_every_event_counts_as_often_as_in_the_export_that_has_most(
    shelves: Callable[[], Shelf], exports: list[list[tuple[int, str, str]]]
) -> None:
    assume(whole(exports))
    shelf = shelves()
    for number, rows in enumerate(exports):
        shelf.put(**{f"export{number}": made_of(rows)})
    most: Counter[tuple[int, str, str]] = Counter()
    for rows in exports:
        most |= Counter(rows)
    tables = shelf.tables()
    folded = tables.con.execute("select day(date), reason, right(reference_id, 1) from ledger").fetchall()
    assert Counter(folded) == Counter(row for row in most.elements() if row[1] != "Shipments")


@shelves_settings
@given(st.lists(few_rows, min_size=1, max_size=3))
def test_every_row_is_loaded_or_repeated_bulk_rows_too(
    shelves: Callable[[], Shelf], exports: list[list[tuple[int, str, str]]]
) -> None:
    assume(whole(exports))
    shelf = shelves()
    for number, rows in enumerate(exports):
        shelf.put(**{f"export{number}": made_of(rows)})
    tables = shelf.tables()
    assert_every_row_is_accounted_for(tables)
    most: Counter[tuple[int, str, str]] = Counter()
    for rows in exports:
        most |= Counter(rows)
    different = {made_of(rows): rows for rows in exports}
    read = sum(len(rows) for rows in different.values())
    assert read - sum(tables.repeated.values()) == most.total()


@shelves_settings
@given(few_rows, few_rows)
def test_names_and_order_of_files_change_no_row(
    shelves: Callable[[], Shelf], one: list[tuple[int, str, str]], other: list[tuple[int, str, str]]
) -> None:
    everything = "select * exclude (row_id), row_id from ledger order by all"
    first = shelves().put(a=made_of(one), b=made_of(other)).rows(everything)
    assert shelves().put(a=made_of(other), b=made_of(one)).rows(everything) == first


@pytest.mark.parametrize("copies", [1, 3])
def test_bulk_rows_stay_out_of_the_table_and_in_the_count(shelf: Shelf, copies: int) -> None:
    shipped = [event("04-10", event="Shipments", reason="", ref="")] * copies
    shelf.put(one=ledger(*ends(), *shipped), two=ledger(*ends(), *shipped, event("05-02")))
    tables = shelf.tables()
    assert tables.con.execute("select count(*) from ledger where event_type = 'Shipments'").fetchall() == [(0,)]
    assert sum(tables.repeated.values()) == 2 + copies


def test_bulk_rows_are_repeated_as_often_as_if_they_were_folded_with_the_rest(
    shelves: Callable[[], Shelf], catalog: Catalog
) -> None:
    def counted(event_type: str) -> int:
        rows = [event("04-10", event=event_type, reason="", ref="", sku=sku) for sku in ("A", "A", "B")]
        shelf = shelves().put(
            one=ledger(*ends(), *rows), two=ledger(*ends(), *rows[1:], event("05-02")), three=ledger(*rows, *rows)
        )
        return sum(shelf.tables().repeated.values())

    assert "Shipments" in catalog.reports["ledger_detail"].bulk.values  # type: ignore[union-attr]
    assert counted("Shipments") == counted("WhseTransfers")


def test_the_ledger_header_of_these_tests_is_the_one_of_sixteen_columns() -> None:
    assert len(LEDGER) == 16
