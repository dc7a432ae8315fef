"""What rules may ask of the policy in SQL: which marketplace a name means, its currency, what a unit is worth there."""

from __future__ import annotations

import duckdb

from auditor.policy import Policy

POLICY_TABLES = frozenset({"marketplace_names", "marketplaces", "unit_caps", "value_bases"})

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
    region and currency of each marketplace, `value_bases` what a unit of a claim type is worth there, and since when.
    """
    _create_marketplaces(con, policy)
    names = " union ".join(f"select {column} as name from {table}" for table, column in _NAMED)
    found = con.execute(f"select name from ({names}) where name is not null order by name").fetchall()
    con.execute(
        """create or replace table marketplace_names (
             name varchar, marketplace varchar, region varchar, currency varchar)"""
    )
    known = [(name, marketplace) for (name,) in found if (marketplace := policy.marketplace_of(name))]
    if known:
        rows = [(name, code, policy.region(code), policy.currency(code)) for name, code in known]
        con.executemany("insert into marketplace_names values (?, ?, ?, ?)", rows)
    con.execute(
        """create or replace table unit_caps (
             region varchar, currency varchar, cap decimal(18, 4), effective_from date, effective_to date)"""
    )
    if policy.caps:
        con.executemany(
            "insert into unit_caps values (?, ?, ?, ?, ?)",
            [(cap.region, cap.currency, cap.amount, cap.effective_from, cap.effective_to) for cap in policy.caps],
        )


def _create_marketplaces(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    con.execute("create or replace table marketplaces (marketplace varchar, region varchar, currency varchar)")
    con.executemany(
        "insert into marketplaces values (?, ?, ?)",
        [(code, policy.region(code), policy.currency(code)) for code in policy.marketplaces],
    )
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
    if rows:
        con.executemany("insert into value_bases values (?, ?, ?, ?, ?)", rows)
