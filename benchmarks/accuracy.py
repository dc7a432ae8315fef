"""How accurate is the audit? Synthetic accounts with known truth, audited through the public command.

    python benchmarks/accuracy.py --markets US,DE,JP --seeds 20 [--jobs 2] [--out benchmarks/accuracy.md]

Each unit owed must be found with its state, deadline, amount and confidence; nothing else may be claimed;
each lookalike that a rule had to consider must say why it is not claimed. Exit 1 if anything is wrong.
Short cuts that people take instead (benchmarks/baselines.py) are measured on the same accounts.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from baselines import Baselines

from auditor.simulate import build_account, write_account

RULES = tuple(
    sorted(
        file.parent.name
        for file in (Path(__file__).resolve().parent.parent / "rules").glob("*/rule.sql")
        if file.parent.name != "template"
    )
)
ACCOUNTS_ROWS = 1200
SHORT_CUTS = """\
What one formula of a spreadsheet finds on the same accounts. Precision and recall count units. `last day wrong` is the
share of the units rightly claimed whose last day is not that of the policy, `days off` the average distance."""

Entry = dict[str, Any]
Key = tuple[str, str]
Group = tuple[str, str, str, str, str]


@dataclass
class Tally:
    """What went right and wrong for one rule (and one family of scenarios)."""

    owed: int = 0
    found: int = 0
    claimed: int = 0
    false_claims: int = 0
    lookalikes: int = 0
    lookalikes_claimed: int = 0
    unexplained: int = 0
    wrong: dict[str, int] = field(default_factory=lambda: defaultdict(int))


@dataclass
class Score:
    """All tallies by rule and group of scenarios, and every mismatch in words."""

    tallies: dict[Key, Tally] = field(default_factory=lambda: defaultdict(Tally))
    mismatches: list[str] = field(default_factory=list)
    not_scored: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def tally(self, entry: Entry) -> Tally:
        """Give the tally of an entry's rule and group; a row that no scenario planted has no group."""
        return self.tallies[entry["rule"], entry.get("group", "ordinary life")]

    def blame(self, account: str, entry: Entry, what: str) -> None:
        """Note one mismatch in full."""
        name = entry.get("scenario", "no scenario")
        place = f"{entry['rule']} {entry['reference_id']} {entry['fnsku'] or entry['msku']}"
        self.mismatches.append(f"{account}: {name}: {place}: {what}")


def score(account: str, truth: Entry, findings: list[Entry], not_claimed: list[Entry], into: Score) -> None:
    """Compare one account's results with its truth.

    Found rows match an entry by rule and reference and by FNSKU or MSKU, rows of its own deadline before
    others; rows of one key and deadline are added up, because identical ledger events share a reference.
    """
    left = _grouped(findings, into)
    matched = [
        left.pop(match, []) if (match := _match(entry, left, entry["claim_by"])) else [] for entry in truth["owed"]
    ]
    for entry, exact in zip(truth["owed"], matched, strict=True):
        tally = into.tally(entry)
        tally.owed += 1
        rows = exact or (left.pop(match) if (match := _match(entry, left)) else [])
        if not rows:
            into.blame(account, entry, f"missed, {entry['units']} units owed{_told(entry, not_claimed)}")
            continue
        tally.found += 1
        tally.claimed += 1
        _compare(account, entry, rows, tally, into)
    for entry in truth["not_owed"]:
        tally = into.tally(entry)
        tally.lookalikes += 1
        if match := _match(entry, left):
            rows = left.pop(match)
            tally.claimed += 1
            tally.lookalikes_claimed += 1
            into.blame(account, entry, f"LOOKALIKE CLAIMED, {_units(rows)} units: {entry['why']}")
        elif entry["candidate"] and not _told(entry, not_claimed):
            tally.unexplained += 1
            into.blame(account, entry, f"not claimed, but nothing says so ({entry['reason']})")
    for rows in left.values():
        tally = into.tally(rows[0])
        tally.claimed += 1
        tally.false_claims += 1
        into.blame(account, rows[0], f"FALSE CLAIM, {_units(rows)} units: {rows[0].get('summary', '')}")


def _grouped(findings: list[Entry], into: Score) -> dict[Group, list[Entry]]:
    groups: dict[Group, list[Entry]] = defaultdict(list)
    for row in findings:
        if row["rule"] in RULES:
            groups[row["rule"], row["reference_id"], row["fnsku"], row["msku"], row["claim_by"]].append(row)
        else:
            into.not_scored[row["rule"]] += 1
    return groups


def _match(entry: Entry, groups: Iterable[Group], deadline: str = "") -> Group | None:
    for group in groups:
        rule, reference, fnsku, msku, claim_by = group
        same = rule == entry["rule"] and _bare(reference) == entry["reference_id"] and deadline in ("", claim_by)
        if same and _same_product(entry, fnsku, msku):
            return group
    return None


def _same_product(entry: Entry, fnsku: str, msku: str) -> bool:
    if not entry["fnsku"] and not entry["msku"]:
        return not fnsku and not msku  # a charge for a whole shipment names no product
    return bool(fnsku and _bare(fnsku) == entry["fnsku"]) or bool(msku and _bare(msku) == entry["msku"])


def _bare(cell: str) -> str:
    # Cells that a spreadsheet would run as a formula carry a leading apostrophe.
    return cell.removeprefix("'")


def _units(rows: list[Entry]) -> int:
    return sum(int(row["units"]) for row in rows)


def _compare(account: str, entry: Entry, rows: list[Entry], tally: Tally, into: Score) -> None:
    differences = [("units", str(entry["units"]), str(_units(rows)))]
    for kind, column in (
        ("state", "status"),
        ("deadline", "claim_by"),
        ("deadline", "claim_from"),
        ("confidence", "confidence"),
        ("value", "currency"),
    ):
        printed = " and ".join(sorted({row[column] for row in rows}))
        differences.append((kind, str(entry[column]), printed))
    differences.append(
        ("value", _money(entry["unit_value"]), " and ".join(sorted({_money(r["unit_value"]) for r in rows})))
    )
    amounts = {_money(row["amount"]) for row in rows}
    total = "" if "" in amounts else _money(str(sum((Decimal(row["amount"]) for row in rows), Decimal(0))))
    differences.append(("amount", _money(entry["amount"]), total))
    for kind in dict.fromkeys(kind for kind, expected, got in differences if expected != got):
        tally.wrong[kind] += 1
        told = ", ".join(
            f"expected {e or 'blank'}, got {g or 'blank'}" for k, e, g in differences if k == kind and e != g
        )
        into.blame(account, entry, f"{kind} wrong: {told}")


def _money(text: str) -> str:
    try:
        return f"{Decimal(text).normalize():f}" if text else ""
    except InvalidOperation:
        return text


def _told(entry: Entry, not_claimed: list[Entry]) -> str:
    reasons = sorted(
        {
            row["reason"]
            for row in not_claimed
            if row["rule"] == entry["rule"]
            and _bare(row["reference_id"]) == entry["reference_id"]
            and (_same_product(entry, row["fnsku"], row.get("msku", "")) or not row["fnsku"])
        }
    )
    return f" (not claimed: {', '.join(reasons)})" if reasons else ""


def audit_one(market: str, seed: int, rows: int, place: Path) -> tuple[Entry, list[Entry], list[Entry]]:
    """Simulate one account and audit it; gives truth, findings and what was not claimed."""
    from click.testing import CliRunner

    from auditor.cli import cli

    exports, out = place / "exports", place / "results"
    write_account(build_account(seed, market, rows), exports)
    arguments = ["run", str(exports), "--out", str(out), "--workspace", str(place / "workspace"), "--quiet"]
    result = CliRunner().invoke(cli, arguments)
    if result.exit_code != 0:
        told = result.output.strip() or repr(result.exception)
        raise SystemExit(f"audit run failed on {market} seed {seed} (exit {result.exit_code}): {told}")
    truth = json.loads((exports / "truth.json").read_text(encoding="utf-8"))
    return truth, _table(out / "findings.csv"), _table(out / "not_claimed.csv")


def audited(account: tuple[str, int, int]) -> tuple[Entry, list[Entry], list[Entry]]:
    """What `audit_one` gives for a market, a seed and a number of rows."""
    with tempfile.TemporaryDirectory() as place:
        return audit_one(*account, Path(place))


def all_audited(
    accounts: Sequence[tuple[str, int, int]], jobs: int
) -> Iterator[tuple[Entry, list[Entry], list[Entry]]]:
    """What each account gives, in their order; several at a time when asked, each on one processor."""
    if jobs < 2:
        yield from map(audited, accounts)
        return
    os.environ.setdefault("AUDIT_PROCESSORS", "1")
    with get_context("spawn").Pool(jobs) as pool:
        yield from pool.imap(audited, accounts)


def _table(path: Path) -> list[Entry]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _share(part: int, whole: int) -> str:
    return "1.000" if whole in (0, part) else f"{part / whole:.3f}"


def table(score_of: Score) -> str:
    """Print the tallies as a Markdown table: each rule by group of scenarios, each rule, and all together."""
    head = (
        "| rule | scenarios | owed | found | precision | recall | units wrong | state wrong | deadline wrong "
        "| amount wrong | confidence wrong | lookalikes | lookalikes claimed | left unexplained |"
    )
    lines = [head, "|---|---|" + "---:|" * 12]
    for rule in RULES:
        groups = {group: tally for (of, group), tally in sorted(score_of.tallies.items()) if of == rule}
        lines += [_line(f"`{rule}`", group, tally) for group, tally in groups.items()]
        lines.append(_line(f"`{rule}`", "**all**", _sum(groups.values())))
    lines.append(_line("**all**", "**all**", _sum(score_of.tallies.values())))
    return "\n".join(lines) + "\n"


def _sum(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        for name in ("owed", "found", "claimed", "false_claims", "lookalikes", "lookalikes_claimed", "unexplained"):
            setattr(total, name, getattr(total, name) + getattr(tally, name))
        for kind, count in tally.wrong.items():
            total.wrong[kind] += count
    return total


def _line(name: str, group: str, t: Tally) -> str:
    wrong = t.wrong
    cells = [
        name,
        group,
        t.owed,
        t.found,
        _share(t.claimed - t.false_claims - t.lookalikes_claimed, t.claimed),
        _share(t.found, t.owed),
        wrong.get("units", 0),
        wrong.get("state", 0),
        wrong.get("deadline", 0),
        wrong.get("amount", 0) + wrong.get("value", 0),
        wrong.get("confidence", 0),
        t.lookalikes,
        t.lookalikes_claimed,
        t.unexplained,
    ]
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; gives the exit code."""
    parser = argparse.ArgumentParser(description="Score the audit on synthetic accounts with known truth.")
    parser.add_argument("--markets", default="US,DE,JP")
    parser.add_argument("--seeds", type=int, default=20, help="seeds 1 to N")
    parser.add_argument("--rows", type=int, default=ACCOUNTS_ROWS, help="ledger events of each account")
    parser.add_argument("--jobs", type=int, default=1, help="accounts at a time")
    parser.add_argument("--out", type=Path, help="write the table to this Markdown file")
    options = parser.parse_args(arguments)
    result = Score()
    baselines = Baselines()
    scenarios: set[str] = set()
    markets = [market.strip().upper() for market in options.markets.split(",")]
    accounts = [(market, seed, options.rows) for market in markets for seed in range(1, options.seeds + 1)]
    found_in = all_audited(accounts, options.jobs)
    for (market, seed, rows), (truth, findings, not_claimed) in zip(accounts, found_in, strict=True):
        scenarios.update(name.rsplit("/", 1)[-1] for name in truth["scenarios"])
        score(f"{market} seed {seed}", truth, findings, not_claimed, result)
        baselines.add(build_account(seed, market, rows), truth, findings)
    text = (
        f"{len(markets) * options.seeds} synthetic accounts ({', '.join(markets)}; {options.seeds} seeds each), "
        f"{len(scenarios)} scenarios.\n\n{table(result)}\n"
        f"## Beside short cuts\n\n{SHORT_CUTS}\n\n{baselines.table()}"
    )
    print(text)
    for rule, count in sorted(result.not_scored.items()):
        print(f"not scored: {count} findings of {rule}")
    for line in result.mismatches:
        print(line)
    if options.out:
        options.out.write_text(f"# Accuracy\n\n{text}", encoding="utf-8")
    return 1 if result.mismatches else 0


if __name__ == "__main__":
    sys.exit(main())
