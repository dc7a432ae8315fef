"""A whole audit, measured against a bare typed DuckDB load of the same ledger to disk."""

from __future__ import annotations

from pathlib import Path

from side_by_side import Measured, Row, in_turn, run

BARE_LOAD = """
import duckdb, sys
con = duckdb.connect(sys.argv[2])
con.execute(f'''create table ledger as select * from read_csv('{sys.argv[1]}', delim='\\t', header=true, quote='',
  columns={{'Date':'DATE','FNSKU':'VARCHAR','ASIN':'VARCHAR','MSKU':'VARCHAR','Title':'VARCHAR','Event Type':'VARCHAR',
  'Reference ID':'VARCHAR','Quantity':'BIGINT','Fulfillment Center':'VARCHAR','Disposition':'VARCHAR',
  'Reason':'VARCHAR',
  'Country':'VARCHAR','Reconciled Quantity':'BIGINT','Unreconciled Quantity':'BIGINT','Date and Time':'VARCHAR',
  'Store':'VARCHAR'}}, dateformat='%m/%d/%Y')''')
con.close()
"""


def whole_audit(scratch: Path, exports: Path, rows: int, runs: int) -> list[Row]:
    """An audit with an empty workspace and one that finds everything read, each to a fresh results folder."""
    ledger = exports / "51000000001.txt"
    out = scratch / f"results {rows}"

    def workspace(turn: int) -> Path:
        return scratch / f"audited {rows} {turn}"

    def audit(turn: int) -> Measured:
        return run("-m auditor", "run", exports, "--out", out, "--workspace", workspace(turn), "--quiet")

    return in_turn(
        {
            f"{rows:,} ledger rows: bare typed DuckDB load to disk": lambda turn: run(
                BARE_LOAD, ledger, scratch / f"bare {rows} {turn}.duckdb"
            ),
            f"{rows:,} ledger rows: whole audit, nothing read before": audit,
            f"{rows:,} ledger rows: whole audit, everything read before": audit,
        },
        runs,
    )
