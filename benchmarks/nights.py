"""Sixty sellers for forty-five nights: is everybody told what they must be told, to the day, once, and nothing else?

    python benchmarks/nights.py [--kinds NAME]... [--jobs 2] [--out benchmarks/nights.md]

Each night new downloads arrive for some accounts, the batch audits what is new, and the portfolio raises its alerts.
What is expected stands beside the stories in nights_world.py and was written from docs/portfolio.md, not from what the
tool says. Exit 1 when anything differs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from nights_exports import DAYS, Seller, at, download  # noqa: E402
from nights_world import KINDS, SELLERS  # noqa: E402

from auditor.accounts.batch import Order  # noqa: E402
from auditor.accounts.digest import digests  # noqa: E402
from auditor.accounts.listing import read_listing  # noqa: E402
from auditor.accounts.night import audit_accounts  # noqa: E402
from auditor.accounts.portfolio import Portfolio, build  # noqa: E402
from auditor.accounts.portfolio_files import write_portfolio  # noqa: E402
from auditor.claims.cases.log import CaseLog  # noqa: E402

#: Every so many nights the portfolio is written and built a second time.
LOOK_TWICE = 5
PEOPLE = ("mira", "jan", "noor")
HEAD = """# Forty-five nights over a portfolio

{accounts} simulated accounts in four markets, real exports, real audits, every night (`benchmarks/nights.py`). What is
expected is written beside the stories in `benchmarks/nights_world.py`, to the day.

{audits} audits, {unchanged} nights of an account without news, {refused} audits that had to be refused; {alerts}
alerts, each told once; {waves} of them a false alarm of a wave in {days:,} account-days; {digests} digests.

| kind | accounts | alerts expected | as expected | wrong |
|---|---:|---:|---:|---:|
"""


@dataclass
class Told:
    """What the nights showed: alerts as (night, account, kind and step), withdrawals, and what went wrong."""

    raised: list[tuple[int, str, str]] = field(default_factory=list)
    gone: dict[tuple[str, str], int] = field(default_factory=dict)
    keys: Counter[tuple[str, str]] = field(default_factory=Counter)
    lines: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    did: Counter[str] = field(default_factory=Counter)
    digests: int = 0


def main() -> int:
    """Live through the nights and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinds", action="append", choices=[kind.name for kind in KINDS], help="only these accounts")
    parser.add_argument("--each", type=int, default=1000, help="at most so many accounts of a kind")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    sellers = [s for s in SELLERS if (not asked.kinds or s.kind.name in asked.kinds) and s.number < asked.each]
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="nights-") as scratch:
        told = live(sellers, Path(scratch), asked.jobs)
    text, wrong = report(sellers, told)
    print(text)
    print("\n".join(wrong))
    print(f"{time.monotonic() - begun:.0f} s", file=sys.stderr)
    if asked.out:
        asked.out.write_text(text, encoding="utf-8")
    return 1 if wrong else 0


def live(sellers: list[Seller], folder: Path, jobs: int) -> Told:
    """All nights, one after the other."""
    told = Told()
    workspace = folder / "workspace"
    workspace.mkdir()
    url = f"sqlite:///{workspace / 'cases.db'}"
    order = Order(folder / "out", workspace, url)
    for night in range(DAYS):
        arrived = [seller for seller in sellers if night in seller.kind.exports]
        for seller in arrived:
            download(seller, folder / "exports" / seller.id, night)
        moved = [seller for seller in sellers if night in seller.kind.moves]
        for seller in moved:
            move(CaseLog(url), seller, night)
        listing = read_listing(write_list(sellers, folder, night))
        done = audit_accounts(listing, order, jobs=jobs)
        check_batch(done, sellers, {seller.id for seller in [*arrived, *moved]}, night, told)
        made = build(listing, folder / "out", url, at(night))
        told.wrong += [f"night {night}: {problem}" for problem in made.problems]
        note(made, night, told)
        if night % LOOK_TWICE == 0:
            write_portfolio(made, folder / "out")
            again = build(listing, folder / "out", url, at(night))
            if sorted(kept_of(again)) != sorted(kept_of(made)):
                told.wrong.append(f"night {night}: looking twice changed the alerts")
        print(f"night {night}: {len(arrived)} downloads, {len(told.raised)} alerts so far", file=sys.stderr, flush=True)
    return told


def kept_of(made: Portfolio) -> list[tuple[str, str]]:
    """Every alert of every account as text."""
    return [(view.account.id, repr(kept)) for view in made.accounts for kept in view.kept]


def write_list(sellers: list[Seller], folder: Path, night: int) -> Path:
    """accounts.toml as it stands on a night."""
    people = "".join(f"[people.{name}]\nname = '{name.title()}'\n" for name in PEOPLE)
    tables = [
        f"[[account]]\nid = '{s.id}'\nexports = 'exports/{s.id}'\nmarketplaces = ['{s.market}']\n"
        f"owner = '{PEOPLE[s.number % len(PEOPLE)]}'\n{s.kind.settings(night)}\n"
        for s in sellers
    ]
    path = folder / "accounts.toml"
    path.write_text(people + "\n".join(tables), encoding="utf-8")
    return path


def move(log: CaseLog, seller: Seller, night: int) -> None:
    """What the seller and Amazon did with the case of the account's story."""
    [case] = [case for case in log.cases(seller.id) if case.reference_id == seller.kind.lost[0].reference]
    state = seller.kind.moves[night]
    changes: dict[str, Any] = (
        {"case_id": f"1234567{seller.number:04}", "filed_on": at(night)} if state == "filed" else {}
    )
    log.move(case, state, day=at(night), who="benchmark", **changes)


def check_batch(done: Mapping[str, Any], sellers: list[Seller], touched: set[str], night: int, told: Told) -> None:
    """The accounts that failed are those that must, and only what is new was audited."""
    must = {s.id for s in sellers if night in s.kind.fails}
    if set(done["failed"]) != must:
        told.wrong.append(f"night {night}: failed {sorted(done['failed'])}, expected {sorted(must)}")
    for account, run in done["this_run"]["accounts"].items():
        told.did[run["did"]] += 1
        if run["did"] == "audited" and account not in touched:
            told.wrong.append(f"night {night}: {account} was audited although nothing was new")


def note(made: Portfolio, night: int, told: Told) -> None:
    """Keep what was raised and withdrawn tonight, and what the people are told."""
    new: Counter[str] = Counter()
    for view in made.accounts:
        for kept in view.kept:
            name = f"{kept.alert.kind} {kept.alert.step}"
            if kept.alert.first_day == at(night):
                told.raised.append((night, view.account.id, name))
                told.keys[view.account.id, kept.alert.key] += 1
                new[view.account.owner] += 1
            if kept.state == "withdrawn" and kept.since == at(night):
                told.gone[view.account.id, name] = night
    for digest in digests(made):
        told.digests += 1
        told.lines[night] += digest.new
        if digest.new != new.pop(digest.person.id, 0):
            told.wrong.append(f"night {night}: the digest of {digest.person.id} holds {digest.new} lines")
    told.wrong += [f"night {night}: {owner} got no digest with {count} lines" for owner, count in new.items()]


def report(sellers: list[Seller], told: Told) -> tuple[str, list[str]]:
    """The table, and every difference as a sentence."""
    expected = {(night, s.id, name) for s in sellers for night, name in s.kind.expected}
    raised = set(told.raised)
    wrong = [*told.wrong]
    by_kind: dict[str, int] = defaultdict(int)
    kind_of = {s.id: s.kind.name for s in sellers}
    for night, account, name in sorted(expected ^ raised):
        what = "is missing" if (night, account, name) in expected else "was not expected"
        wrong.append(f"night {night}: {account}: {name} {what}")
        by_kind[kind_of[account]] += 1
    wrong += [f"{account} was told {key} {times} times" for (account, key), times in told.keys.items() if times > 1]
    for seller in sellers:
        for name, night in seller.kind.gone.items():
            if told.gone.get((seller.id, name)) != night:
                wrong.append(f"{seller.id}: {name} withdrawn on {told.gone.get((seller.id, name))}, expected {night}")
                by_kind[seller.kind.name] += 1
    waves = sum(name.startswith("wave") for _, _, name in raised - expected)
    text = HEAD.format(
        accounts=len(sellers),
        audits=told.did["audited"],
        unchanged=told.did["unchanged"],
        refused=told.did["refused"],
        alerts=len(told.raised),
        waves=waves,
        days=len(sellers) * DAYS,
        digests=told.digests,
    )
    for kind in KINDS:
        mine = [s for s in sellers if s.kind is kind]
        if mine:
            due = len(mine) * len(kind.expected)
            hits = sum((night, s.id, name) in raised for s in mine for night, name in kind.expected)
            text += f"| {kind.name} | {len(mine)} | {due} | {hits} | {by_kind[kind.name]} |\n"
    return text, wrong


if __name__ == "__main__":
    raise SystemExit(main())
