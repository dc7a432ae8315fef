"""What each rule costs beside reading the same account once.

    python benchmarks/rule_speed.py [--rows 5000000] [--market US] [--runs 3] [--out benchmarks/rule_speed.md]

One process reads a simulated account without any cache, builds the tables and runs the rules, as an audit does. A rule
costs at most 5 % of the reading, all rules with the tables that they share at most 30 %. Each share is the median of
the turns. Exit 1 when an aim is missed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from auditor.account_files import as_of_day, home_marketplace, read_folder, unread_keys  # noqa: E402
from auditor.exports.catalog import load_catalog  # noqa: E402
from auditor.policy import load_policy  # noqa: E402
from auditor.request import Request  # noqa: E402
from auditor.rulebook.judge import Bench, judge  # noqa: E402
from auditor.rulebook.policy_tables import create_policy_tables  # noqa: E402
from auditor.rulebook.rules import load_rules  # noqa: E402
from auditor.rulebook.shared_tables import build_shared_tables, create_covered_days  # noqa: E402
from auditor.rulebook.value import load_valuation  # noqa: E402
from auditor.simulate import build_account, write_account  # noqa: E402
from auditor.store.tables import build_tables, lock  # noqa: E402
from auditor.store.workspace import open_workspace  # noqa: E402

READING, TABLES, SHARED = "reading", "tables of the exports", "tables that rules share"
MOST_OF_ONE, MOST_OF_ALL = 0.05, 0.30
HEAD = """# What the rules cost

A simulated account ({market}) of {rows:,} ledger events, read without any cache ({seconds:.1f} s), then judged
(`benchmarks/rule_speed.py`, median of {runs} turns). The dearest rule takes {one:.1%} of the reading (aim: at most
{most_of_one:.0%}), all rules and the tables that they share take {all:.1%} (aim: at most {most_of_all:.0%}).

| step | share of the reading | seconds |
|---|---:|---:|
"""


class Clock:
    """Seconds of each step by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._running = ("", 0.0)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure what is done within."""
        begun = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - begun

    def begin(self, name: str) -> None:
        """Measure what is done until the next one begins."""
        now = time.perf_counter()
        before, begun = self._running
        if before:
            self.seconds[before] = now - begun
        self._running = (name, now)


def turn(exports: Path, workspace: Path) -> Mapping[str, float]:
    """Read and judge once: seconds by step, rules by their ID."""
    clock = Clock()
    catalog, policy = load_catalog(), load_policy()
    request = Request((exports,), open_workspace(workspace))
    with clock.step(READING):
        read = read_folder(request, catalog)
    as_of, _ = as_of_day(read, None)
    with clock.step(TABLES):
        tables = build_tables(read, catalog, as_of)
    create_policy_tables(tables.con, policy)
    create_covered_days(tables.con, tables.coverage)
    with clock.step(SHARED):
        build_shared_tables(tables.con, as_of)
    lock(tables.con)
    valuation, _ = load_valuation(tables.con, policy, as_of)
    home = home_marketplace(tables, policy, None)
    bench = Bench("", as_of, policy, valuation, tables.coverage, home, unread_keys(read), tables.damaged_rows())
    judge(tables.con, load_rules()[0], bench, on_rule=clock.begin)
    clock.begin("")
    return clock.seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--market", default="US")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rule-speed-") as scratch:
        exports = Path(scratch, "exports")
        write_account(build_account(7, asked.market, asked.rows), exports)
        turns = [turn(exports, Path(scratch, f"workspace-{number}")) for number in range(asked.runs)]
    steps = [READING, TABLES, SHARED, *sorted(turns[0].keys() - {READING, TABLES, SHARED})]
    shares = {step: statistics.median(t[step] / t[READING] for t in turns) for step in steps}
    seconds = {step: statistics.median(t[step] for t in turns) for step in steps}
    rules = [step for step in steps if step not in (READING, TABLES, SHARED)]
    dearest = max(shares[rule] for rule in rules)
    everything = statistics.median(sum(t[step] for step in [SHARED, *rules]) / t[READING] for t in turns)
    text = HEAD.format(
        market=asked.market, rows=asked.rows, seconds=seconds[READING], runs=asked.runs, one=dearest, all=everything,
        most_of_one=MOST_OF_ONE, most_of_all=MOST_OF_ALL,
    )  # fmt: skip
    text += "".join(
        f"| {f'`{step}`' if step in rules else step} | {shares[step]:.1%} | {seconds[step]:.2f} |\n" for step in steps
    )
    print(text)
    if asked.out:
        asked.out.write_text(text, encoding="utf-8")
    return 0 if dearest <= MOST_OF_ONE and everything <= MOST_OF_ALL else 1


if __name__ == "__main__":
    raise SystemExit(main())
