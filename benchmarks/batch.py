"""How fast is a night over many accounts, how fast one without news, and what do two jobs at a time bring?

    python benchmarks/batch.py [--accounts 6] [--rows 2000] [--out benchmarks/batch.md]

The aim is stated for 200 accounts of 20,000 ledger rows on two cores: the night without news takes at most 5 % of the
first one, and two jobs are at least 1.7 times as fast as one. Run it on a machine that does nothing else. Exit 1 when
an aim is missed.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from auditor.accounts.batch import Order  # noqa: E402
from auditor.accounts.listing import Listing, read_listing  # noqa: E402
from auditor.accounts.night import audit_accounts  # noqa: E402
from auditor.simulate import build_account, write_account  # noqa: E402

MARKETS = ("US", "DE", "UK", "JP")
MOST_UNCHANGED, LEAST_GAIN = 0.05, 1.7
HEAD = """# The speed of a batch

{accounts} synthetic accounts of at least {rows} ledger events (`benchmarks/batch.py`). Times drift from machine to
machine, ratios hardly. The night without news: {share:.1%} of the first one (aim: at most {most:.0%}). Two jobs:
{gain:.2f} times as fast as one (aim: at least {least}).

| night | jobs | seconds | seconds an account |
|---|---:|---:|---:|
"""


@dataclass(frozen=True, slots=True)
class Night:
    """One measured batch."""

    name: str
    jobs: int
    seconds: float


def write_accounts(folder: Path, count: int, rows: int) -> Listing:
    """A list of so many accounts: one is simulated for each market, the others have a copy of its exports."""
    first: dict[str, Path] = {}
    tables = []
    for number in range(count):
        market = MARKETS[number % len(MARKETS)]
        exports = folder / "exports" / f"a{number:03}"
        if market in first:
            shutil.copytree(first[market], exports)
        else:
            write_account(build_account(7, market, rows), exports)
            first[market] = exports
        tables.append(f"[[account]]\nid = 'a{number:03}'\nexports = 'exports/a{number:03}'\n")
    path = folder / "accounts.toml"
    path.write_text("\n".join(tables), encoding="utf-8")
    return read_listing(path)


def night(listing: Listing, folder: Path, name: str, jobs: int) -> Night:
    """Run a batch into a folder, and check that nobody failed."""
    workspace = folder / "workspace"
    workspace.mkdir(parents=True, exist_ok=True)
    order = Order(folder / "out", workspace, f"sqlite:///{workspace / 'cases.db'}")
    begun = time.perf_counter()
    content = audit_accounts(listing, order, jobs=jobs)
    taken = time.perf_counter() - begun
    if content["failed"]:
        raise SystemExit(f"accounts failed: {', '.join(content['failed'])}")
    print(f"{name}, {jobs} jobs: {taken:.1f} s", flush=True)
    return Night(name, jobs, taken)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=6)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="batch-") as scratch:
        folder = Path(scratch)
        listing = write_accounts(folder, asked.accounts, asked.rows)
        nights = [
            night(listing, folder / "one", "first", 1),
            night(listing, folder / "two", "first", 2),
            night(listing, folder / "two", "nothing new", 2),
        ]
    one, two, again = (each.seconds for each in nights)
    share, gain = again / two, one / two
    text = HEAD.format(
        accounts=asked.accounts, rows=asked.rows, share=share, gain=gain, most=MOST_UNCHANGED, least=LEAST_GAIN
    )
    text += "".join(f"| {n.name} | {n.jobs} | {n.seconds:.1f} | {n.seconds / asked.accounts:.2f} |\n" for n in nights)
    print(text)
    if asked.out:
        asked.out.write_text(text, encoding="utf-8")
    return 0 if share <= MOST_UNCHANGED and gain >= LEAST_GAIN else 1


if __name__ == "__main__":
    raise SystemExit(main())
