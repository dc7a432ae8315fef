"""What in the exports may settle more than can be read from it: its findings need a person."""

from __future__ import annotations

import duckdb


def unclear_payments(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """FNSKUs of payments, not keyed to an order, that may settle more than can be read from them."""
    rows = con.execute(
        """select distinct fnsku from payments
           where fnsku is not null and order_id is null
             and (units_unknown and family <> 'fee' or family = 'unknown' and units > 0)"""
    ).fetchall()
    return frozenset(row[0] for row in rows)


def incomplete_rows(con: duckdb.DuckDBPyConnection) -> frozenset[int]:
    """Rows of settlements that do not add up: fees, or rows that take a refund back, may be missing beside them."""
    rows = con.execute("select row_id from settlements_v2 semi join incomplete_settlements using (settlement_id)")
    return frozenset(row[0] for row in rows.fetchall())


def damaged_skus(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """SKUs of ledger rows, payments and returns whose order ID or FNSKU cannot be read."""
    rows = con.execute(
        """select distinct msku
           from (select row_id, msku from ledger union all select row_id, msku from reimbursements
                 union all select row_id, msku from returns) as keyed
           semi join (select row_id from damaged_rows where column_name in ('order_id', 'fnsku')) as damaged
             using (row_id)
           where msku is not null"""
    ).fetchall()
    return frozenset(row[0] for row in rows)
