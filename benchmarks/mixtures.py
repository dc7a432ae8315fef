"""Random mixtures of stories on one product, audited, and compared with a ledger that counts single units.

    python benchmarks/mixtures.py --markets US,DE,JP --count 1000 [--out benchmarks/mixtures.md]

Every finding of the rules about single units must equal the count of auditor/simulate/unit_ledger.py: rule, FNSKU,
reference, units, state and both days. Each difference is printed with the seed of its account, the smallest part of
the mixture that still differs, and the folder of the exports, which are kept. Exit 1 if there is any.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from auditor.simulate import Account, write_account
from auditor.simulate.mixture import Mixture
from auditor.simulate.mixtures import MIXED_RULES, build_mixtures, draw_mixture

#: Rule, FNSKU, reference, state, first and last day of the claim.
Claim = tuple[str, str, str, str, str, str]


def audited(account: Account, place: Path) -> Counter[Claim]:
    """Audit an account through the public command; gives the units of each claim."""
    from click.testing import CliRunner

    from auditor.cli import cli

    write_account(account, place / "exports")
    arguments = ["run", place / "exports", "--out", place / "results", "--workspace", place / "workspace", "--quiet"]
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if result.exit_code != 0:
        raise SystemExit(f"audit run failed: {result.output.strip() or repr(result.exception)}; see {place}")
    with (place / "results" / "findings.csv").open(encoding="utf-8", newline="") as file:
        return claims(csv.DictReader(file))


def claims(findings: Iterable[dict[str, Any]]) -> Counter[Claim]:
    """Count the units of each claim in rows of findings; equal keys are one claim."""
    units: Counter[Claim] = Counter()
    for row in findings:
        if row["rule"] in MIXED_RULES:
            key = (row["rule"], row["fnsku"], row["reference_id"].removeprefix("'"), row["status"])
            units[*key, row["claim_from"], row["claim_by"]] += int(row["units"])
    return units


def counted(account: Account) -> Counter[Claim]:
    """Give the units of each claim as the unit ledger counts them."""
    return Counter(
        {
            (o.family, o.fnsku, o.reference_id, o.status, str(o.claim_from or ""), str(o.claim_by or "")): o.units
            for o in account.owed
        }
    )


def differences(expected: Counter[Claim], got: Counter[Claim]) -> list[str]:
    """Name every claim whose units differ, in words."""
    return [
        f"{' '.join(claim)}: {expected[claim]} units owed, {got[claim]} found"
        for claim in sorted(expected.keys() | got.keys())
        if expected[claim] != got[claim]
    ]


def compare(seed: int, market: str, mixtures: Sequence[Mixture], place: Path) -> dict[int, list[str]]:
    """Audit mixtures in one account; gives the differences by the number of the mixture (-1: of no mixture)."""
    account = build_mixtures(seed, market, mixtures)
    number_of = {product.fnsku: number for number, product in enumerate(account.products[: len(mixtures)])}
    differing: dict[int, list[str]] = {}
    for line in differences(counted(account), audited(account, place)):
        differing.setdefault(number_of.get(line.split()[1], -1), []).append(line)
    return differing


def smallest(seed: int, market: str, mixture: Mixture) -> Mixture:
    """Leave out steps as long as what is left still differs; all candidates of a round share one audit."""
    while True:
        shorter = [
            replace(mixture, steps=mixture.steps[:n] + mixture.steps[n + 1 :]) for n in range(len(mixture.steps))
        ]
        with tempfile.TemporaryDirectory() as place:
            differing = sorted(number for number in compare(seed, market, shorter, Path(place)) if number >= 0)
        if not differing:
            return mixture
        mixture = shorter[differing[0]]


def mixtures_of(seed: int, market: str, count: int) -> list[Mixture]:
    """Draw the mixtures of one account."""
    rng = Random(f"mixtures/{market}/{seed}")
    return [draw_mixture(rng) for _ in range(count)]


@dataclass
class Tally:
    """What was compared in a market."""

    market: str
    mixtures: int = 0
    claims: int = 0
    units: int = 0
    differences: int = 0

    def add(self, other: Tally) -> None:
        """Add another tally."""
        self.mixtures += other.mixtures
        self.claims += other.claims
        self.units += other.units
        self.differences += other.differences

    def __str__(self) -> str:
        """Print one line of the table."""
        return f"| {self.market} | {self.mixtures} | {self.claims} | {self.units} | {self.differences} |"


def audit_and_tell(seed: int, market: str, count: int, keep: Path, tally: Tally) -> None:
    """Compare the mixtures of one account, print what differs and keep its exports."""
    mixtures = mixtures_of(seed, market, count)
    with tempfile.TemporaryDirectory() as place:
        differing = compare(seed, market, mixtures, Path(place))
    account = build_mixtures(seed, market, mixtures)
    lines = sum(map(len, differing.values()))
    tally.add(Tally(market, count, len(account.owed), sum(owed.units for owed in account.owed), lines))
    kept = keep / f"{market}-{seed}"
    if differing:
        write_account(account, kept)
    for number, told in sorted(differing.items()):
        print(f"{market} seed {seed} mixture {number + 1}, exports in {kept}")
        print("\n".join(f"  {line}" for line in told))
        if number >= 0:
            print(f"  smallest: {smallest(seed, market, mixtures[number])}", flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; gives the exit code."""
    parser = argparse.ArgumentParser(description="Compare the audit with a ledger of single units on random mixtures.")
    parser.add_argument("--markets", default="US,DE,JP")
    parser.add_argument("--count", type=int, default=1000, help="mixtures a market")
    parser.add_argument("--each", type=int, default=50, help="mixtures an account")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="where exports that show a difference are kept")
    parser.add_argument("--out", type=Path, help="write the counts to this Markdown file")
    options = parser.parse_args(arguments)
    keep = options.keep or Path(tempfile.mkdtemp(prefix="mixtures-"))
    accounts = range(options.first_seed, options.first_seed + -(-options.count // options.each))
    lines = []
    together = Tally("**all**")
    for market in (market.strip().upper() for market in options.markets.split(",")):
        tally = Tally(market)
        for seed in accounts:
            audit_and_tell(seed, market, options.each, keep, tally)
        print(tally, flush=True)
        lines.append(str(tally))
        together.add(tally)
    text = (
        f"{together.mixtures} random mixtures of stories, {options.each} products an account: {together.claims} claims "
        f"of {together.units} units, counted unit by unit, {together.differences} differences.\n\n"
        "| market | mixtures | claims owed | units owed | differences |\n|---|---:|---:|---:|---:|\n"
        + "\n".join([*lines, str(together)])
        + "\n"
    )
    print(text)
    if options.out:
        options.out.write_text(f"# Random mixtures\n\n{text}", encoding="utf-8")
    return 1 if together.differences else 0


if __name__ == "__main__":
    sys.exit(main())
