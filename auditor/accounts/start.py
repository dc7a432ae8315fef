"""start.html: the first page of an account that lacks something, for somebody who has never seen the tool."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from auditor.accounts.life_alerts import CHECKLIST, done
from auditor.accounts.page import environment
from auditor.accounts.seeing import seen_of
from auditor.accounts.settings import DOCUMENTS, Account
from auditor.accounts.words import Words, words_of
from auditor.claims.cases.log import Case
from auditor.exports.catalog import Catalog, load_catalog
from auditor.publish.language import REPORTS, Language, load_language
from auditor.publish.manifest import entries, rule_title
from auditor.publish.page_pen import asset, content_policy
from auditor.rulebook.needs import COSTS, OWN, needs_of
from auditor.rulebook.rules import load_rules
from auditor.store.coverage import coverage_by_table

#: Stages in which an account is told what it lacks even when every export is there.
NEW = frozenset({"new", "trial"})
_MOST_RULES, _MOST_SPANS = 3, 4
_STATES = {"covered": "here", "missing": "missing"}


@dataclass(slots=True)
class Wanted:
    """One export: `state` is missing, gaps or here, `own` a file that Amazon does not give."""

    report: str
    own: bool
    state: str = "here"
    reports: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    days: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """One export as the page says it."""

    title: str
    where: str
    days: str
    needed: str
    state: str
    own: bool


def lacks_something(account: Account, manifest: Mapping[str, Any] | None) -> bool:
    """Whether the account may need the page: nothing was read, an export of Amazon's is missing, or it is new."""
    missing = any(each.state == "missing" and not each.own for each in exports_wanted(manifest))
    return manifest is None or missing or account.stage in NEW


def start_page(account: Account, manifest: Mapping[str, Any] | None, cases: Sequence[Case]) -> str:
    """The page in the account's language, as HTML; "" when nothing of the checklist is left.

    `manifest` is the run.json of its results, None without results.
    """
    wanted = exports_wanted(manifest)
    seen = seen_of(account, manifest, cases)
    state = done(seen)
    if all(state.values()):
        return ""
    words, language = words_of(account.language), load_language(account.language)
    style = asset("portfolio.css")
    return environment().get_template("start.html.j2").render(
        name=account.name,
        say=lambda key, **values: words.text("start", key, **values),
        lang=account.language,
        as_of=words.day(seen.as_of),
        steps=[(name, state[name]) for name in CHECKLIST],
        rows=[_row(each, manifest, words, language) for each in wanted if each.report != COSTS],
        columns=_columns(load_catalog(), COSTS),
        without_cost=words.number(len(seen.missing_costs)) if seen.missing_costs else "",
        papers=[
            (words.documents([name])[0], name not in account.missing_documents) for name in DOCUMENTS[account.model]
        ],
        style=style,
        policy=content_policy(style, ""),
    )  # fmt: skip


def exports_wanted(manifest: Mapping[str, Any] | None) -> list[Wanted]:
    """Every export that a rule needs: those that are missing first, then those that most rules need."""
    catalog = load_catalog()
    found: dict[str, Wanted] = {}
    for need in _needs_of_nothing() if manifest is None else entries(manifest, "needs"):
        report = str(need["report"])
        if report not in catalog.reports:
            continue
        each = found.setdefault(report, Wanted(report, own=catalog.reports[report].source == OWN))
        each.reports += [name for name in (report, *need["instead"]) if name not in each.reports]
        each.rules += [need["rule"]] if need["rule"] not in each.rules else []
        each.days += [span for day in need["days"] if (span := (day["from"], day["to"])) not in each.days]
        states = {each.state, _STATES.get(need["state"], "gaps")}
        each.state = next(state for state in ("missing", "gaps", "here") if state in states)
    order = ("missing", "gaps", "here")
    return sorted(found.values(), key=lambda w: (order.index(w.state), w.own, -len(w.rules), w.report))


def first_exports(language: str) -> list[str]:
    """The names of Amazon's exports that an account without any should make, those that most rules need first."""
    catalog, names = load_catalog(), load_language(language)
    wanted = [each.report for each in exports_wanted(None) if not each.own]
    return [names.named(catalog.reports[report].title, REPORTS) for report in wanted]


@cache
def _needs_of_nothing() -> tuple[Mapping[str, Any], ...]:
    """What the rules of the tool need when there is no export at all."""
    catalog = load_catalog()
    rules, _ = load_rules(())
    nothing = coverage_by_table(catalog, [], date.max)
    return tuple(need.as_json() for need in needs_of(rules, catalog, nothing, frozenset(), None))


def _row(wanted: Wanted, manifest: Mapping[str, Any] | None, words: Words, language: Language) -> Row:
    catalog = load_catalog()
    reports = [catalog.reports[name] for name in wanted.reports if name in catalog.reports]
    where = dict.fromkeys(report.download for report in reports)
    own = words.text("start", "own_file", columns=_columns(catalog, wanted.report)) if wanted.own else ""
    titles = [language.named(_rule_title(manifest, rule)) for rule in wanted.rules]
    spans = [words.period(first or last, last) for first, last in wanted.days] if wanted.state == "gaps" else []
    return Row(
        title=" / ".join(language.named(report.title, REPORTS) for report in reports),
        where=own or " / ".join(where),
        days=_listed(spans, _MOST_SPANS),
        needed=_listed(titles, _MOST_RULES),
        state=wanted.state,
        own=wanted.own,
    )


def _rule_title(manifest: Mapping[str, Any] | None, rule: str) -> str:
    return _own_titles().get(rule, rule.replace("_", " ")) if manifest is None else rule_title(manifest, rule)


@cache
def _own_titles() -> Mapping[str, str]:
    return {rule.rule_id: rule.facts.title for rule in load_rules(())[0]}


def _columns(catalog: Catalog, report: str) -> str:
    """The columns of a file that sellers make themselves; the one for several sellers in a file is not for them."""
    columns = catalog.reports[report].columns
    return ", ".join(column.names[0] for name, column in columns.items() if name != "seller_id")


def _listed(texts: Iterable[str], most: int) -> str:
    every = list(dict.fromkeys(texts))
    return ", ".join([*every[:most], *(["…"] if len(every) > most else [])])
