"""The whole story of one finding, read back from a results folder, as values and as lines of text."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from auditor.model import EvidenceRow, Finding, NotClaimed, Results
from auditor.publish.cells import day_text, one_line
from auditor.publish.json_values import plain
from auditor.publish.language import ENGLISH
from auditor.publish.look import look_command
from auditor.publish.manifest import as_of, entries, role_signs, rule_title
from auditor.publish.page_stories import Sum, SumLine, reasons, sum_up
from auditor.publish.speech import Speech, marked, speech_of

BASES = {
    "cost": marked("your sourcing cost"),
    "last_payment": marked("Amazon's own latest payment for this product and reason"),
    "order": marked("the price of the order, less its fees"),
    "excess": marked("what was refunded beyond the charge"),
    "commission": marked("the commission that is still missing"),
    "shortfall": marked("what the payment lacks for a unit"),
    "taken_back": marked("what was taken back for a unit"),
    "payment": marked("the approved payment"),
    "paid": marked("what Amazon paid for a unit"),
    "charge": marked("the amount charged, less what was given back"),
    "overcharge": marked("what was charged too much for a unit"),
}
_NO_DRAFT = {"expired": marked("none: the window is over"), "waiting": marked("none yet: the window is not open")}


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


def arithmetic(told: Story, speech: Speech) -> str:
    """The sum in one line: "5 lost on 2026-03-02 - 2 found on 2026-03-09 = 3 open"; a claim about money has words."""
    if not role_signs(told.manifest, told.finding.rule):
        return one_line(speech.told(told.finding.summary.partition(": ")[2]))
    parts = [_step(line, speech, first=place == 0) for place, line in enumerate(told.sum.lines)]
    return " ".join([*parts, f"= {told.sum.total} {speech.state(told.finding.status)}"]) if parts else ""


def story_lines(told: Story, speech: Speech) -> Iterator[tuple[str, str]]:
    """The story as (heading or "", line); user text is on one line and without control characters."""
    finding, say = told.finding, speech.say
    yield "", one_line(speech.summary(finding))
    product = [("FNSKU", finding.fnsku), ("SKU", finding.msku), ("ASIN", finding.asin)]
    yield say("Product"), one_line(finding.title) or say("without a title")
    yield "", ", ".join(f"{name} {one_line(text)}" for name, text in product if text)
    yield say("Reference"), one_line(finding.reference_id) or say("none")
    yield say("Arithmetic"), arithmetic(told, speech) or say("The results name no row that counts.")
    if told.sum.lines and not told.sum.agrees:
        message = marked("The rows alone come to {total}, the finding claims {units}; see the reasons.")
        yield "", say(message, total=told.sum.total, units=finding.units)
    yield say("Value"), _value(finding, speech)
    yield from _window_lines(told, speech)
    for place, reason in enumerate(reasons(finding)):
        yield "" if place else say("Reasons"), one_line(speech.told(reason))
    unsaid = finding.confidence == "high" and not finding.reasons
    why = marked("none: the rule's claim text cannot be used") if unsaid else marked("none: a person has to look first")
    no_draft = _NO_DRAFT.get(finding.status, why)
    yield say("Draft"), told.draft or say(no_draft)
    for place, row in enumerate(told.evidence):
        above = "" if place else say("Source rows (commands for the folder of the exports)")
        yield above, _source(row, speech)
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
            "text": arithmetic(told, speech_of(ENGLISH)),
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


def _step(line: SumLine, speech: Speech, *, first: bool) -> str:
    adds = line.adds == (line.units >= 0)
    sign = ("" if first else "+ ") if adds else "- "
    role = speech.role(line.role)
    what = {"n": abs(line.units), "role": speech.say("{role} taken back", role=role) if line.units < 0 else role}
    days = {"first": day_text(line.first), "last": day_text(line.last)}
    if line.first and line.first == line.last:
        return sign + speech.say("{n} {role} on {first}", **what, **days)
    if line.first:
        return sign + speech.say("{n} {role} from {first} to {last}", **what, **days)
    return f"{sign}{what['n']} {what['role']}"


def _value(finding: Finding, speech: Speech) -> str:
    if finding.amount is None or finding.unit_value is None:
        message = marked("unknown ({units}); give your unit costs to have it valued")
        return speech.say(message, units=speech.units(finding.units))
    each = speech.money(finding.unit_value, finding.currency)
    total = speech.money(finding.amount, finding.currency)
    product = f"{finding.units} x {each} = {total}"
    if not finding.value_basis:
        return product
    basis = BASES.get(finding.value_basis)
    return product + speech.say(
        " (basis: {basis})", basis=speech.say(basis) if basis else finding.value_basis.replace("_", " ")
    )


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


def _window_lines(told: Story, speech: Speech) -> Iterator[tuple[str, str]]:
    finding, say = told.finding, speech.say
    if finding.claim_by is None:
        yield say("Window"), say("Amazon documents no last day for this claim.")
    else:
        yield (
            say("Window"),
            say(
                "file from {first} to {last}, better by {safe}; counted from {anchor}",
                first=day_text(finding.claim_from or finding.anchor_date),
                last=day_text(finding.claim_by),
                safe=day_text(finding.safe_by),
                anchor=day_text(finding.anchor_date),
            ),
        )
        if finding.days_left is not None:
            yield "", _days_left(finding.days_left, as_of(told.manifest).isoformat(), speech)
    for row in told.windows:
        yield "", one_line(_policy(row, speech))
        source = row.get("source") or say("no public source")
        level = speech.certainty(str(row.get("confidence") or ""))
        yield "", one_line(say("confidence {level}: {source}", level=level, source=source))
        if row.get("note"):
            yield "", one_line(str(row["note"]))


def _policy(row: Mapping[str, Any], speech: Speech) -> str:
    wait = row.get("wait_days")
    parts = [
        speech.say("policy: {limit}", limit=speech.language.phrase(str(row.get("limit")))),
        speech.counted(int(wait), "after a wait of {n} day", "after a wait of {n} days") if wait else "",
        speech.say("from the {anchor}", anchor=speech.anchor(str(row.get("anchor")))),
        speech.say("since {day}", day=row["effective_from"]) if row.get("effective_from") else speech.say("in force"),
    ]
    return ", ".join(part for part in parts if part)


def _days_left(days: int, day: str, speech: Speech) -> str:
    if days < 0:
        return speech.counted(-days, "over for {n} day on {day}", "over for {n} days on {day}", day=day)
    return speech.counted(days, "{n} day left on {day}", "{n} days left on {day}", day=day)


def _source(row: EvidenceRow, speech: Speech) -> str:
    role, place = speech.role(row.role), f"{one_line(row.file)}:{row.line}"
    if row.units is None:
        return speech.say("context ({role}): {place}", role=role, place=place)
    return f"{row.units} {role}: {place}"
