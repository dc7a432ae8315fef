"""What rules may ask of the policy in SQL: which marketplace a name means, its currency, what a unit is worth there."""

from __future__ import annotations

import duckdb

from auditor.policy import Policy
from auditor.rulebook.rows import insert_rows

POLICY_TABLES = frozenset({"fee_changes", "marketplace_names", "marketplaces", "unit_caps", "value_bases"})

#: Columns of canonical tables that name a marketplace.
_NAMED = (
    ("ledger", "country"),
    ("orders", "sales_channel"),
    ("settlements_v2", "marketplace_name"),
    ("settlements_v1", "marketplace_name"),
    ("transactions", "marketplace"),
    ("order_shipments", "sales_channel"),
    ("fee_previews", "store"),
    ("storage_fees", "country"),
    ("aged_surcharges", "country"),
    ("ledger_summaries", "location"),
    ("inventory_planning", "marketplace"),
)


def create_policy_tables(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Create `marketplace_names` (every name in the exports with its marketplace and region) and the policy's figures.

    `unit_caps` has one row a region, currency and time: the most that Amazon pays for one unit. `marketplaces` knows
    region and currency of each marketplace, `fee_changes` the days on which its fulfilment fees changed and by how many
    percent at most, `value_bases` what a unit of a claim type is worth there, and since when.
    """
    _create_marketplaces(con, policy)
    names = " union ".join(f"select {column} as name from {table}" for table, column in _NAMED)
    found = con.execute(f"select name from ({names}) where name is not null order by name").fetchall()
    con.execute(
        """create or replace table marketplace_names (
             name varchar, marketplace varchar, region varchar, currency varchar)"""
    )
    known = [(name, marketplace) for (name,) in found if (marketplace := policy.marketplace_of(name))]
    rows = [(name, code, policy.region(code), policy.currency(code)) for name, code in known]
    insert_rows(con, "marketplace_names", rows)
    con.execute(
        """create or replace table unit_caps (
             region varchar, currency varchar, cap decimal(18, 4), effective_from date, effective_to date)"""
    )
    caps = [(cap.region, cap.currency, cap.amount, cap.effective_from, cap.effective_to) for cap in policy.caps]
    insert_rows(con, "unit_caps", caps)


def _create_marketplaces(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    con.execute("create or replace table marketplaces (marketplace varchar, region varchar, currency varchar)")
    places = [(code, policy.region(code), policy.currency(code)) for code in policy.marketplaces]
    insert_rows(con, "marketplaces", places)
    con.execute("create or replace table fee_changes (marketplace varchar, changed_on date, at_most decimal(9, 4))")
    changes = [
        (code, change.effective_from, change.at_most)
        for code in policy.marketplaces
        for change in policy.fee_changes(code)
    ]
    insert_rows(con, "fee_changes", changes)
    con.execute(
        """create or replace table value_bases (
             claim_type varchar, marketplace varchar, basis varchar, effective_from date, effective_to date)"""
    )
    rows = [
        (claim_type, code, row.basis, row.effective_from, row.effective_to)
        for claim_type in policy.claim_types
        for code in policy.marketplaces
        for row in policy.value_bases(claim_type, code)
    ]
    insert_rows(con, "value_bases", rows)
