"""How long reading and a whole audit take and how much memory, as ratios to bare work on the same bytes.

    python benchmarks/speed.py [--ledger 5000000] [--audit 1000000] [--files 2000] [--runs 3] [--out FILE]

Each side is a whole process, run in turn (A B A B ...), so that a drifting machine hits both. Ratios are medians of
the ratios of single turns, of wall time and of processor time (user and system): other work on the machine lengthens
the first far more than the second. Notes at the end of the file that `--out` names stay when its table is rewritten.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from audit_speed import whole_audit
from reading_speed import cache_hits, large_ledger, many_files
from side_by_side import Row, as_table
from speed_data import write_account, write_small_files

NOTES = "## Notes"


def main() -> None:
    """Parse the command line, measure, print the table and write it when asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ledger", type=int, default=5_000_000, help="rows of the ledger that is read")
    parser.add_argument("--audit", type=int, nargs="*", default=[1_000_000], help="ledger rows of each whole audit")
    parser.add_argument("--files", type=int, default=2_000, help="small files that are read")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        rows = measure(Path(scratch), options.ledger, options.files, options.audit, options.runs)
    text = as_table(rows, options.runs)
    print(text)
    if options.out:
        written = options.out.read_text(encoding="utf-8") if options.out.exists() else ""
        notes = written[written.index(NOTES) :] if NOTES in written else ""
        options.out.write_text(f"{text}\n{notes}", encoding="utf-8")


def measure(scratch: Path, ledger: int, files: int, audits: list[int], runs: int) -> list[Row]:
    """Write the exports and measure all of them."""
    small = scratch / "small"
    small.mkdir()
    write_small_files(small, files)
    rows = many_files(scratch, small, files, runs)
    for count in {ledger, *audits} - {0}:
        exports = scratch / f"{count} rows"
        exports.mkdir()
        write_account(exports / "51000000001.txt", exports / "51000000002.txt", count)
        if count == ledger:
            rows += large_ledger(scratch, exports / "51000000001.txt", count, runs)
            rows += cache_hits(scratch, exports / "51000000001.txt", count, runs)
        if count in audits:
            rows += whole_audit(scratch, exports, count, runs)
    return rows


if __name__ == "__main__":
    main()
