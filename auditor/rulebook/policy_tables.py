"""What rules may ask of the policy in SQL: which marketplace a name means, its currency, and the cap of a unit."""

from __future__ import annotations

import duckdb

from auditor.policy import Policy

POLICY_TABLES = frozenset({"marketplace_names", "unit_caps"})

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
    """Create `marketplace_names` (every name in the exports with its marketplace and region) and `unit_caps`.

    `unit_caps` has one row a region, currency and time: the most that Amazon pays for one unit.
    """
    names = " union ".join(f"select {column} as name from {table}" for table, column in _NAMED)
    found = con.execute(f"select name from ({names}) where name is not null order by name").fetchall()
    con.execute("create or replace table marketplace_names (name varchar, marketplace varchar, region varchar)")
    known = [(name, marketplace) for (name,) in found if (marketplace := policy.marketplace_of(name))]
    if known:
        rows = [(name, marketplace, policy.region(marketplace)) for name, marketplace in known]
        con.executemany("insert into marketplace_names values (?, ?, ?)", rows)
    con.execute(
        """create or replace table unit_caps (
             region varchar, currency varchar, cap decimal(18, 4), effective_from date, effective_to date)"""
    )
    if policy.caps:
        con.executemany(
            "insert into unit_caps values (?, ?, ?, ?, ?)",
            [(cap.region, cap.currency, cap.amount, cap.effective_from, cap.effective_to) for cap in policy.caps],
        )
