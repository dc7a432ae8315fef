"""A draft of a message to the seller: why we write, what it is about, what to do; by language and kind of seller.

Figures are those of the findings and the same for everyone; only words differ. A new seller gets an explanation and one
step, an experienced one every step and a table with IDs. A person reads the draft before it is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from auditor.accounts.alert import STANDING, Alert, Kind, claimable, total
from auditor.accounts.deadline_alerts import until
from auditor.accounts.listing import missing_exports
from auditor.accounts.portfolio import AccountView
from auditor.accounts.start import first_exports
from auditor.accounts.words import Words, words_of
from auditor.model import Finding
from auditor.publish.cells import one_line
from auditor.rulebook.needs import COSTS

#: Alerts for which the seller is written to, the most pressing first; the others are work of our own.
REASONS: tuple[Kind, ...] = ("information", "deadline", "wave", "missing", "stale", "costs", "checklist", "contact")
#: Rows of the table in a message.
MOST_ROWS = 15
_LIST_OF_MISSING = 6


@dataclass(frozen=True, slots=True)
class Letter:
    """A draft: language, subject and body as plain text."""

    language: str
    subject: str
    body: str

    def text(self) -> str:
        """The draft as a text file: subject, blank line, body."""
        return f"{self.subject}\n\n{self.body}\n"


def letter(view: AccountView, day: date) -> Letter | None:
    """The draft for an account that has something new to be told; None when there is no reason to write.

    An account whose folder is empty is asked for the exports that most rules need.
    """
    if not any(kept.since == day and kept.state == "open" and kept.alert.kind in REASONS for kept in view.kept):
        return None
    standing = {kind: [k.alert for k in view.kept if k.alert.kind == kind and k.state in STANDING] for kind in REASONS}
    words = words_of(view.account.language)
    findings = sorted(
        (f for f in claimable(view.seen, day) if f.claim_by and f.confidence == "high"),
        key=lambda f: (until(f, day) or date.max, f.finding_id),
    )
    new = view.account.experience == "new"
    parts = [_hello(view, words)]
    if new:
        parts.append(words.text("letter", "explain"))
    parts += _what(standing["wave"], findings, words, day)
    steps = list(_steps(view, standing, findings, words))
    if not steps and view.seen.as_of is None:
        return None  # why there are no results is our work, and there is nothing to talk about yet
    steps = steps or [words.text("letter", "step_talk")]
    parts.append(
        "\n".join([words.text("letter", "one_step" if new else "steps"), *_listed(steps[:1] if new else steps)])
    )
    if findings and not new:
        parts.append(_table(findings, words, day))
    papers = words.documents(view.account.missing_documents)
    known = view.account.documents is not None
    if papers and (findings or standing["information"] or (known and standing["checklist"])):
        parts.append("\n".join([words.text("letter", "documents_missing" if known else "documents"), *_listed(papers)]))
    parts.append(words.text("letter", "bye"))
    subject = words.text(
        "letter",
        "subject_new" if new else "subject_experienced",
        count=words.number(len(findings)),
        day=words.day(day),
    )
    return Letter(view.account.language, subject, "\n\n".join(parts))


def _hello(view: AccountView, words: Words) -> str:
    name = one_line(view.account.contact.name)
    return words.text("letter", "hello", name=name) if name else words.text("letter", "hello_nobody")


def _what(waves: Sequence[Alert], findings: Sequence[Finding], words: Words, day: date) -> list[str]:
    """What we found, when the first of it ends, and where something unusual happened."""
    told = []
    if findings:
        worth = words.money(total((f.currency, f.amount) for f in findings))
        counts = {"count": words.number(len(findings)), "units": words.number(sum(f.units for f in findings))}
        key = "found" if worth else "found_without_value"
        first = words.text("letter", "first_day", until=words.day(until(findings[0], day)))
        told.append(f"{words.text('letter', key, **counts, worth=worth)} {first}")
    for wave in waves:
        facts = wave.facts
        place, period = facts["building"] or "–", words.period(facts["from"], facts["to"])
        told.append(words.text("letter", "wave", building=place, units=words.number(facts["units"]), period=period))
    return told


def _steps(
    view: AccountView, standing: dict[Kind, list[Alert]], findings: Sequence[Finding], words: Words
) -> Iterator[str]:
    """What the seller is asked to do, the most pressing first."""
    if asked := standing["information"]:
        due = min(alert.until for alert in asked if alert.until)
        key = "step_information" if view.account.missing_documents else "step_information_ready"
        yield words.text("letter", key, until=words.day(due))
    if findings:
        ours = "step_we_file" if view.account.documents is None else "step_we_file_ready"
        yield words.text("letter", ours if view.account.service == "we_draft" else "step_file")
    absent = [export for export in view.seen.absent if export.report != COSTS] if standing["checklist"] else []
    wanted = dict.fromkeys(export.title or export.report for export in (*view.seen.to_export, *absent))
    titles = list(wanted)[:_LIST_OF_MISSING]
    if view.seen.as_of is None and missing_exports(view.account):
        titles = first_exports(view.account.language)
    if titles:
        yield words.text("letter", "step_exports", list="; ".join(titles))
    if costs := view.seen.missing_costs:
        yield words.text("letter", "step_costs", count=words.number(len(costs)))
    if view.account.documents is not None and view.account.missing_documents and (findings or standing["checklist"]):
        yield words.text("letter", "step_documents")


def _listed(lines: Sequence[str]) -> list[str]:
    return [f"- {line}" for line in lines]


def _table(findings: Sequence[Finding], words: Words, day: date) -> str:
    """The nearest claims with their IDs, a line each."""
    names = ("id", "reference", "sku", "units", "amount", "by")
    head = " | ".join(words.text("letter", f"column_{name}") for name in names)
    rows = [
        " | ".join(
            one_line(cell)
            for cell in (
                finding.finding_id,
                finding.reference_id,
                finding.msku or finding.fnsku,
                words.number(finding.units),
                words.amount(finding.amount, finding.currency) or "–",
                words.day(until(finding, day)),
            )
        )
        for finding in findings[:MOST_ROWS]
    ]
    more = len(findings) - len(rows)
    rest = [words.text("letter", "more_rows", more=words.number(more))] if more else []
    return "\n".join([words.text("letter", "table"), head, *rows, *rest])


def drafts(views: Sequence[AccountView], day: date) -> Iterator[tuple[str, bytes]]:
    """The drafts of a morning as (path with "/", content), one for each account that is to be written to."""
    for view in views:
        if draft := letter(view, day):
            yield f"messages/{view.account.id}.{draft.language}.txt", draft.text().encode("utf-8", "replace")
