"""How fast is a night over many accounts, how fast one without news, and what do two jobs at a time bring?

    python benchmarks/batch.py [--accounts 6] [--rows 2000] [--rounds 3] [--out benchmarks/batch.md]

The aim is stated for 200 accounts of 20,000 ledger rows on two cores: the night without news takes at most 5 % of the
first one, and two jobs are at least 1.7 times as fast as one. What two jobs bring is measured on the first twelve
accounts, one job and two in turn, because the speed of a machine drifts; the nights on all. Run it on a machine that
does nothing else. Exit 1 when an aim is missed.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from auditor.accounts.batch import Order  # noqa: E402
from auditor.accounts.listing import Listing, read_listing  # noqa: E402
from auditor.accounts.night import audit_accounts  # noqa: E402
from auditor.simulate import build_account, write_account  # noqa: E402

MARKETS = ("US", "DE", "UK", "JP")
MOST_UNCHANGED, LEAST_GAIN = 0.05, 1.7
FEW = 12
HEAD = """# The speed of a batch

{accounts} synthetic accounts of at least {rows} ledger events (`benchmarks/batch.py`). Times drift from machine to
machine, ratios hardly. The night without news: {share:.1%} of the first one (aim: at most {most:.0%}). Two jobs:
{gain:.2f} times as fast as one (aim: at least {least}; the median of {gains}, each measured in turn on {few} accounts).

| night | accounts | jobs | seconds | seconds an account |
|---|---:|---:|---:|---:|
"""


@dataclass(frozen=True, slots=True)
class Night:
    """One measured batch."""

    name: str
    accounts: int
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


def night(listing: Listing, folder: Path, name: str, jobs: int, few: int | None = None) -> Night:
    """Run a batch, of the first `few` accounts only, into a folder, and check that nobody failed."""
    listing = replace(listing, accounts=listing.accounts[:few])
    workspace = folder / "workspace"
    workspace.mkdir(parents=True, exist_ok=True)
    order = Order(folder / "out", workspace, f"sqlite:///{workspace / 'cases.db'}")
    begun = time.perf_counter()
    content = audit_accounts(listing, order, jobs=jobs)
    taken = time.perf_counter() - begun
    if content["failed"]:
        raise SystemExit(f"accounts failed: {', '.join(content['failed'])}")
    print(f"{name}, {len(listing.accounts)} accounts, {jobs} jobs: {taken:.1f} s", flush=True)
    return Night(name, len(listing.accounts), jobs, taken)


def in_turn(listing: Listing, folder: Path, rounds: int) -> list[tuple[Night, Night]]:
    """First nights of few accounts with one job and with two, each round in new folders that are gone afterwards."""
    nights = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            pair = [night(listing, Path(scratch, str(jobs)), "first", jobs, FEW) for jobs in (1, 2)]
        nights.append((pair[0], pair[1]))
    return nights


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=6)
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="batch-") as scratch:
        folder = Path(scratch)
        listing = write_accounts(folder, asked.accounts, asked.rows)
        pairs = in_turn(listing, folder, asked.rounds)
        all_accounts = [night(listing, folder / "all", name, 2) for name in ("first", "nothing new")]
    gains = [one.seconds / two.seconds for one, two in pairs]
    share, gain = all_accounts[1].seconds / all_accounts[0].seconds, statistics.median(gains)
    text = HEAD.format(
        accounts=asked.accounts,
        rows=asked.rows,
        share=share,
        gain=gain,
        gains=", ".join(f"{each:.2f}" for each in gains),
        few=pairs[0][0].accounts,
        most=MOST_UNCHANGED,
        least=LEAST_GAIN,
    )
    nights = [*(each for pair in pairs for each in pair), *all_accounts]
    text += "".join(
        f"| {n.name} | {n.accounts} | {n.jobs} | {n.seconds:.1f} | {n.seconds / n.accounts:.2f} |\n" for n in nights
    )
    print(text)
    if asked.out:
        asked.out.write_text(text, encoding="utf-8")
    return 0 if share <= MOST_UNCHANGED and gain >= LEAST_GAIN else 1


if __name__ == "__main__":
    raise SystemExit(main())
