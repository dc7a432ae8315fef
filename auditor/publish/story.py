"""The whole story of one finding, read back from a results folder, as values and as lines of text."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from auditor.model import EvidenceRow, Finding, NotClaimed, Results
from auditor.publish.cells import day_text, money_text, one_line, units_text
from auditor.publish.json_values import plain
from auditor.publish.look import look_command
from auditor.publish.manifest import as_of, entries, role_signs, rule_title
from auditor.publish.page_stories import Sum, SumLine, reasons, sum_up

BASES = {
    "cost": "your sourcing cost",
    "last_payment": "Amazon's own latest payment for this product and reason",
    "order": "the price of the order, less its fees",
    "excess": "what was refunded beyond the charge",
    "commission": "the commission that is still missing",
    "shortfall": "what the payment lacks for a unit",
    "taken_back": "what was taken back for a unit",
    "payment": "the approved payment",
    "paid": "what Amazon paid for a unit",
    "charge": "the amount charged, less what was given back",
    "overcharge": "what was charged too much for a unit",
}
_NO_DRAFT = {"expired": "none: the window is over", "waiting": "none yet: the window is not open"}


@dataclass(frozen=True, slots=True)
class Story:
    """One finding with everything that supports it; `windows` are the policy rows that date it."""

    finding: Finding
    title: str
    sum: Sum
    windows: tuple[Mapping[str, Any], ...]
    evidence: tuple[EvidenceRow, ...]
    draft: str
    manifest: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mentions:
    """What the results say about one product or reference: claimed, not claimed, and the balance of its units."""

    key: str
    findings: tuple[Finding, ...]
    not_claimed: tuple[NotClaimed, ...]
    balance: tuple[Mapping[str, Any], ...]

    def __bool__(self) -> bool:
        return bool(self.findings or self.not_claimed or self.balance)


def story_of(results: Results, finding: Finding, draft: str = "") -> Story:
    """The story of a finding; `draft` is the place of its claim draft, "" when there is none."""
    evidence = tuple(row for row in results.evidence if row.finding_id == finding.finding_id)
    return Story(
        finding=finding,
        title=rule_title(results.manifest, finding.rule),
        sum=sum_up(finding, evidence, role_signs(results.manifest, finding.rule)),
        windows=_windows(finding, results.manifest),
        evidence=evidence,
        draft=draft,
        manifest=results.manifest,
    )


def mentions(results: Results, key: str) -> Mentions:
    """Findings and rejected candidates of a reference ID, FNSKU, SKU or ASIN, whatever its case."""
    wanted = key.casefold()
    return Mentions(
        key=key,
        findings=tuple(f for f in results.findings if wanted in _keys(f.fnsku, f.msku, f.asin, f.reference_id)),
        not_claimed=tuple(n for n in results.not_claimed if wanted in _keys(n.fnsku, n.msku, n.reference_id)),
        balance=tuple(
            row for row in entries(results.manifest, "unit_balance") if wanted in _keys(str(row.get("fnsku", "")))
        ),
    )


def nearest(results: Results, key: str) -> list[str]:
    """The known finding IDs, references and FNSKUs that look most like `key`."""
    known = dict.fromkeys(finding.finding_id for finding in results.findings)
    known.update(dict.fromkeys(key for one in results.findings for key in (one.reference_id, one.fnsku)))
    known.update(dict.fromkeys(key for one in results.not_claimed for key in (one.reference_id, one.fnsku)))
    return difflib.get_close_matches(key, [one_line(word) for word in known if word], n=3)


def arithmetic(told: Story) -> str:
    """The sum in one line: "5 lost on 2026-03-02 - 2 found on 2026-03-09 = 3 open"; a claim about money has words."""
    if not role_signs(told.manifest, told.finding.rule):
        return one_line(told.finding.summary.partition(": ")[2])
    parts = [_step(line, first=place == 0) for place, line in enumerate(told.sum.lines)]
    return " ".join([*parts, f"= {told.sum.total} {told.finding.status}"]) if parts else ""


def story_lines(told: Story) -> Iterator[tuple[str, str]]:
    """The story as (heading or "", line); user text is on one line and without control characters."""
    finding = told.finding
    yield "", one_line(finding.summary)
    product = [("FNSKU", finding.fnsku), ("SKU", finding.msku), ("ASIN", finding.asin)]
    yield "Product", one_line(finding.title) or "without a title"
    yield "", ", ".join(f"{name} {one_line(text)}" for name, text in product if text)
    yield "Reference", one_line(finding.reference_id) or "none"
    yield "Arithmetic", arithmetic(told) or "The results name no row that counts."
    if told.sum.lines and not told.sum.agrees:
        yield "", f"The rows alone come to {told.sum.total}, the finding claims {finding.units}; see the reasons."
    yield "Value", _value(finding)
    yield from _window_lines(told)
    for place, reason in enumerate(reasons(finding)):
        yield "" if place else "Reasons", one_line(reason)
    yield "Draft", told.draft or _NO_DRAFT.get(finding.status, "none: a person has to look first")
    for place, row in enumerate(told.evidence):
        yield "" if place else "Source rows (commands for the folder of the exports)", _source(row)
        yield "", "  " + " | ".join(f"{one_line(name)}: {one_line(cell)}" for name, cell in row.row.items() if cell)
        if command := look_command(row, told.manifest):
            yield "", f"  {command}"


def story_json(told: Story) -> dict[str, Any]:
    """The story as one JSON object: money as text with the currency's digits, dates as ISO text."""
    return {
        "finding": plain(told.finding),
        "rule_title": told.title,
        "as_of": as_of(told.manifest).isoformat(),
        "arithmetic": {
            "text": arithmetic(told),
            "steps": [
                {**asdict(line), "first": day_text(line.first), "last": day_text(line.last)} for line in told.sum.lines
            ],
            "total": told.sum.total,
            "agrees": told.sum.agrees,
        },
        "windows": [dict(window) for window in told.windows],
        "reasons": list(reasons(told.finding)),
        "draft": told.draft,
        "evidence": [{**plain(row), "look": look_command(row, told.manifest)} for row in told.evidence],
    }


def mentions_json(found: Mentions) -> dict[str, Any]:
    """The mentions as one JSON object."""
    return {
        "key": found.key,
        "findings": [plain(finding) for finding in found.findings],
        "not_claimed": [plain(entry) for entry in found.not_claimed],
        "unit_balance": [dict(row) for row in found.balance],
    }


def _keys(*words: str) -> set[str]:
    return {word.casefold() for word in words if word}


def _step(line: SumLine, *, first: bool) -> str:
    adds = line.adds == (line.units >= 0)
    sign = ("" if first else "+ ") if adds else "- "
    role = line.role.replace("_", " ") + (" taken back" if line.units < 0 else "")
    days = f" on {day_text(line.first)}" if line.first else ""
    if line.last != line.first:
        days = f" from {day_text(line.first)} to {day_text(line.last)}"
    return f"{sign}{abs(line.units)} {role}{days}"


def _value(finding: Finding) -> str:
    if finding.amount is None or finding.unit_value is None:
        return f"unknown ({units_text(finding.units)}); give your unit costs to have it valued"
    each = money_text(finding.unit_value, finding.currency)
    total = money_text(finding.amount, finding.currency)
    basis = BASES.get(finding.value_basis, finding.value_basis.replace("_", " "))
    return f"{finding.units} x {each} = {total}" + (f" (basis: {basis})" if basis else "")


def _windows(finding: Finding, manifest: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """The policy rows in force on the as-of date or later known, the one in force first."""
    day = as_of(manifest).isoformat()
    claim_type = next((r.get("window") for r in entries(manifest, "rules") if r.get("rule") == finding.rule), None)
    windows: Sequence[Mapping[str, Any]] = entries(manifest.get("policy") or {}, "windows")
    rows = [
        row
        for row in windows
        if row.get("claim_type") == claim_type
        and row.get("marketplace") == finding.marketplace
        and str(row.get("effective_to") or day) >= day
    ]
    return tuple(sorted(rows, key=lambda row: str(row.get("effective_from") or "")))


def _window_lines(told: Story) -> Iterator[tuple[str, str]]:
    finding = told.finding
    if finding.claim_by is None:
        yield "Window", "Amazon documents no last day for this claim."
    else:
        yield (
            "Window",
            f"file from {day_text(finding.claim_from or finding.anchor_date)} to {day_text(finding.claim_by)}, "
            f"better by {day_text(finding.safe_by)}; counted from {day_text(finding.anchor_date)}",
        )
        if finding.days_left is not None:
            yield "", _days_left(finding.days_left, as_of(told.manifest).isoformat())
    for row in told.windows:
        wait = f", after a wait of {row['wait_days']} days" if row.get("wait_days") else ""
        since = f"since {row['effective_from']}" if row.get("effective_from") else "in force"
        yield "", one_line(f"policy: {row.get('limit')}{wait}, from the {row.get('anchor')}, {since}".replace("_", " "))
        yield "", one_line(f"confidence {row.get('confidence')}: {row.get('source') or 'no public source'}")
        if row.get("note"):
            yield "", one_line(str(row["note"]))


def _days_left(days: int, day: str) -> str:
    if days < 0:
        return f"over for {-days} day{'' if days == -1 else 's'} on {day}"
    return f"{days} day{'' if days == 1 else 's'} left on {day}"


def _source(row: EvidenceRow) -> str:
    count = "context" if row.units is None else f"{row.units} {row.role.replace('_', ' ')}"
    role = f" ({row.role.replace('_', ' ')})" if row.units is None else ""
    return f"{count}{role}: {one_line(row.file)}:{row.line}"
