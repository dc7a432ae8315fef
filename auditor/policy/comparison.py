"""What two days make of the same findings: what the later day's policy changed, and what time alone did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from auditor.model import Finding
from auditor.policy.errors import NoWindow
from auditor.policy.money import format_plain
from auditor.policy.policy import Policy
from auditor.policy.rows import Window

NOT_YET = "not yet"
NO_WINDOW = "no window"


@dataclass(frozen=True, slots=True)
class WindowChange:
    """A claim type whose window differs between the two days, for one region; None: none was documented."""

    claim_type: str
    region: str
    before: Window | None
    after: Window | None


@dataclass(frozen=True, slots=True)
class Move:
    """Findings of one rule, currency and course: the state on the first day, on the second by time alone, and as it is.

    `by_policy` tells that the policy of the second day made the difference; `amount` is what is known of their worth.
    """

    rule: str
    currency: str
    first: str
    by_time: str
    second: str
    findings: int
    units: int
    amount: Decimal
    without_value: int

    @property
    def by_policy(self) -> bool:
        """Whether the same day under the first day's windows would have given another state."""
        return self.by_time != self.second


@dataclass(frozen=True, slots=True)
class Comparison:
    """The windows that differ, and the course of every finding that has a claim window; the moves add up to them."""

    first: date
    second: date
    changes: tuple[WindowChange, ...]
    moves: tuple[Move, ...]
    without_window: int

    def as_json(self) -> dict[str, Any]:
        """The comparison in JSON's types; money as text with the currency's digits."""
        return {
            "first": self.first.isoformat(),
            "second": self.second.isoformat(),
            "changes": [
                {
                    "claim_type": change.claim_type,
                    "region": change.region,
                    "before": change.before and change.before.as_manifest(""),
                    "after": change.after and change.after.as_manifest(""),
                }
                for change in self.changes
            ],
            "moves": [
                {
                    "rule": move.rule,
                    "currency": move.currency,
                    "first": move.first,
                    "by_time_alone": move.by_time,
                    "second": move.second,
                    "by_policy": move.by_policy,
                    "findings": move.findings,
                    "units": move.units,
                    "amount": format_plain(move.amount, move.currency) if move.findings > move.without_value else "",
                    "without_value": move.without_value,
                }
                for move in self.moves
            ],
            "without_window": self.without_window,
        }


def compare(
    policy: Policy, findings: Sequence[Finding], window_of: Mapping[str, str | None], first: date, second: date
) -> Comparison:
    """What the two days make of the findings; `window_of` gives the claim type of each rule.

    A finding whose window would count from a later day does not exist yet (`not yet`). Findings of rules without a
    window, without an anchor or of an unknown marketplace are counted apart.
    """
    dated = [f for f in findings if window_of.get(f.rule) and f.anchor_date and f.marketplace]
    groups: dict[tuple[str, str, str, str, str], list[Finding]] = defaultdict(list)
    for finding in dated:
        claim_type = window_of[finding.rule] or ""
        before = _in_force(policy, claim_type, finding, first)
        after = _in_force(policy, claim_type, finding, second)
        states = (_state(before, finding, first), _state(before, finding, second), _state(after, finding, second))
        groups[(finding.rule, finding.currency, *states)].append(finding)
    regions = {(window_of[f.rule] or "", policy.region(f.marketplace)) for f in dated}
    return Comparison(
        first,
        second,
        tuple(_changes(policy, regions, first, second)),
        tuple(_move(key, group) for key, group in sorted(groups.items())),
        len(findings) - len(dated),
    )


def _in_force(policy: Policy, claim_type: str, finding: Finding, on: date) -> Window | None:
    """The window that judges on that day, as if no later one were known: what a later one does is the question."""
    try:
        return policy.window(claim_type, finding.marketplace, on)
    except NoWindow:
        return None


def _state(window: Window | None, finding: Finding, on: date) -> str:
    anchor = finding.anchor_date or on
    if anchor > on:
        return NOT_YET
    if window is None:
        return NO_WINDOW
    if on > window.closes(anchor):
        return "expired"
    return "waiting" if on < window.opens(anchor) else "open"


def _changes(policy: Policy, regions: Iterable[tuple[str, str]], first: date, second: date) -> Iterable[WindowChange]:
    """Only claim types and regions of the findings; a region's own code names it to the policy."""
    for claim_type, region in sorted(regions):
        before, after = (_window(policy, claim_type, region, on) for on in (first, second))
        if before != after:
            yield WindowChange(claim_type, region, before, after)


def _window(policy: Policy, claim_type: str, region: str, on: date) -> Window | None:
    marketplace = next((code for code in policy.marketplaces if policy.region(code) == region), region)
    try:
        return policy.window(claim_type, marketplace, on)
    except NoWindow:
        return None


def _move(key: tuple[str, str, str, str, str], group: Sequence[Finding]) -> Move:
    rule, currency, first, by_time, second = key
    known = [finding.amount for finding in group if finding.amount is not None]
    return Move(
        rule, currency, first, by_time, second, len(group), sum(f.units for f in group),
        sum(known, Decimal(0)), len(group) - len(known),
    )  # fmt: skip
