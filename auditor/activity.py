"""How busy an account is, from its inventory ledger: for its profile among other accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from auditor.store.database import glance
from auditor.store.reading import ReadExport

#: Days before the ledger's last one that count as now.
LATELY = 90
_MONTH = 30

# Shipments to customers are most of a ledger and are never loaded; here they are read from the Parquet. Of exports
# that overlap, the one that shows most of a product on a day is right.
_ACTIVITY = """
    with rows as (
      select filename, date, fnsku, coalesce(fnsku, msku) as product, event_type, quantity
      from read_parquet($files, filename = true, union_by_name = true)
      where date <= $as_of),
    bounds as (select min(date) as first, max(date) as last from rows),
    shipped as (
      select filename, product, date, -sum(quantity) as units
      from rows where event_type ilike 'shipment%' group by all),
    shipments as (select product, date, max(units) as units from shipped group by all)
    select
      (select first from bounds),
      (select last from bounds),
      (select count(distinct product) from rows),
      (select count(distinct product) from shipments, bounds where date > last - $lately and units > 0),
      (select coalesce(sum(units), 0)::bigint from shipments),
      (select coalesce(sum(units), 0)::bigint from shipments, bounds where date > last - $lately)"""


def activity(exports: Sequence[ReadExport], as_of: date) -> dict[str, Any]:
    """Days and products of the ledger, and units shipped to customers.

    `active_skus` were shipped in the last 90 days of the ledger, `units_a_month` (30 days) is the average of those
    days. Days are None and counts 0 without a ledger.
    """
    files = [str(e.reading.parquet) for e in exports if e.reading.report_id == "ledger_detail" and not e.same_as]
    files = [path for path in files if path != "None"]
    row = None
    if files:
        with glance() as con:
            row = con.execute(_ACTIVITY, {"files": files, "as_of": as_of, "lately": LATELY}).fetchone()
    first, last, skus, active, shipped, lately = row or (None, None, 0, 0, 0, 0)
    days = min(LATELY, (last - first).days + 1) if first and last else 0
    return {
        "first_day": first.isoformat() if first else None,
        "last_day": last.isoformat() if last else None,
        "skus": skus,
        "active_skus": active,
        "units_shipped": shipped,
        "units_a_month": round(lately * _MONTH / days) if days else 0,
    }
