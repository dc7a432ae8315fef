"""A rule's page, generated from the rule: what a person reads before trusting or disputing it."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.model import AuditError
from auditor.rulebook.case_files import load_cases
from auditor.rulebook.rules import Requires, Rule

_BASIS = {
    "cost": "The seller's sourcing cost in force on the as-of date; else Amazon's last payment for the product.",
    "order": "The price of the order without tax, less the referral and fulfilment fees charged for it.",
    "stated": "What the rows themselves state; the summary of the finding shows how it comes about.",
    "none": "No value.",
}


def rule_page(rule: Rule) -> str:
    """The page as Markdown."""
    facts = rule.facts
    window = f"Claim type `{facts.window}`; see `audit policy show`." if facts.window else "No window is documented."
    sections = {
        "What it finds": facts.what,
        "Why Amazon owes it": facts.why,
        "What it reads": ", ".join(_one_of(tables) for tables in facts.reads) or "Nothing.",
        "What it needs": _bullets([_need(need) for need in facts.requires]) or "Nothing beyond the rows it reads.",
        "What it leaves out": _bullets(facts.leaves_out),
        "Window": window,
        "Value": _BASIS[facts.basis],
        "Source": facts.source,
        "Cases": _bullets(_case_names(rule)),
    }
    body = "\n\n".join(f"## {title}\n\n{text}" for title, text in sections.items())
    return f"# {facts.title} (`{rule.rule_id}`)\n\n{body}\n"


def _one_of(tables: Sequence[str]) -> str:
    return " or ".join(f"`{table}`" for table in tables)


def _need(need: Requires) -> str:
    first = "first day that matters" if need.first == "covers_from" else (need.first or "").replace("_", " ")
    start = f"from the {first} " if first else ""
    end = {
        "as_of": "the as-of date",
        "deadline": "the as-of date or the end of the window",
        "event_date": "the event date",
    }
    later = f" and the {need.days} days after it" if need.days else ""
    without = {"no_finding": "nothing is concluded", "review": "a person has to look"}[need.without]
    quiet = f" ({need.quiet_days} quiet days at either end are no gap)"
    return f"`{need.table}` exports that cover the days {start}to {end[need.to]}{later}{quiet}; without them {without}."


def _bullets(lines: tuple[str, ...] | list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _case_names(rule: Rule) -> list[str]:
    try:
        return [case.name for case in load_cases(rule)]
    except AuditError:
        return []
