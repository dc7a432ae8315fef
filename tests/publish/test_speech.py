"""What the terminal says: nothing outside the catalogue, all of it in German, and the same words as the page."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from rich.cells import cell_len
from rich.console import Console
from syrupy.assertion import SnapshotAssertion

from auditor.check import CheckReport
from auditor.cli.check_screen import print_report
from auditor.exports.catalog import load_catalog
from auditor.exports.reading import Reading
from auditor.exports.sources import Source
from auditor.model import EvidenceRow, NotClaimed, Reject, Results, WhatIfLine
from auditor.publish import language, page_pen, screen
from auditor.publish.cells import one_line
from auditor.publish.language import LANGUAGES, READING, TERMINAL, TERMINAL_LANGUAGES, Language, read_catalog
from auditor.publish.look import look_command
from auditor.publish.speech import STATES, Speech, speech_of
from auditor.publish.story import BASES, mentions, story_of
from auditor.rulebook.needs import Need
from auditor.rulebook.rules import load_rules
from auditor.rulebook.to_export import ToExport
from auditor.store.reading import ReadExport

GERMAN = speech_of("de")
LOST = "Lost in a fulfilment centre"
UNCOVERED = "FBA customer returns: the exports do not cover the days from 2026-04-01 to 2026-06-30"
NO_RETURN = "Refunded, but never returned"
MASK = "▒"
PLACE = re.compile(r"(%\(\w+\)s|\{\w*\})")
WORD = re.compile(r"[^\W\d_]{2,}")
#: Names that are the same in every language.
NAMES = {"FNSKU", "SKU", "ASIN"}
OUT = Path("results")
Screen = Callable[[Console, Speech], None]


def masked(message: str) -> str:
    """The message without its letters, its places kept."""
    parts = PLACE.split(message)
    return "".join(part if place % 2 else re.sub(r"[^\W\d_]", MASK, part) for place, part in enumerate(parts))


class Noting(GNUTranslations):
    """Translations that note which messages of the terminal they are asked for."""

    asked: set[str]

    def pgettext(self, context: str, message: str) -> str:
        self.asked.add(message)
        return super().pgettext(context, message)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        self.asked.add(msgid1)
        return super().npgettext(context, msgid1, msgid2, n)


@pytest.fixture
def pseudo() -> Speech:
    """A language in which every message of the catalogue has lost its letters: what it leaves in English is data."""
    catalog = Catalog(locale="de")
    for message in read_catalog("de"):
        if message.id:
            told = tuple(map(masked, message.id)) if message.pluralizable else masked(str(message.id))
            catalog.add(message.id, told, context=message.context)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    translations = Noting(compiled)
    translations.asked = set()
    reading = language._of_context(catalog, READING)
    return Speech(Language("de", translations, *language._templates(catalog), plain=True, _reading=reading))


@pytest.fixture
def told(results: Results) -> Results:
    """Results in the words of rules, policy and manifest, with findings in every state and of every basis."""
    window = {**results.manifest["policy"]["windows"][1], "anchor": "ledger_event_date", "confidence": "high"}
    silent = {**results.manifest["silent_rules"][0], "why": UNCOVERED}
    balance = results.manifest["unit_balance"][0]
    undated = {"effective_from": "", "wait_days": 1, "source": "", "confidence": "assumption", "limit": "18 months"}
    manifest = {
        **results.manifest,
        "rules": [{**rule, "title": LOST} for rule in results.manifest["rules"]]
        + [{"rule": "customer_return_missing", "title": NO_RETURN, "window": "", "plus": [], "minus": []}]
        + [{"rule": "payout_exposure", "title": "Paid for, then found", "kind": "exposure", "plus": [], "minus": []}],
        "policy": {"windows": [window, {**window, **undated}]},
        "silent_rules": [silent, {**silent, "from": None}],
        "unknown_files": [{"file": f"notes{letter}.txt"} for letter in "abcdefg"],
        "unit_balance": [
            {**balance, "corrected": 1, "waiting": 1, "expired": 1},
            {**balance, "family": "damaged", "units": 2},
        ],
        "warnings": [],
    }
    summary = f"{LOST}: 5 lost - 2 found - 1 paid = 2 open"
    reasons = "no_marketplace: the exports do not say which marketplace this belongs to; name it with --marketplace"
    findings = tuple(replace(f, title=f.title and "Mug", summary=summary, reasons=reasons) for f in results.findings)
    taken = "Paid for, then found: 2 paid for and found later: 25.00 EUR may be taken back"
    changes = {"finding_id": "f00000000012", "rule": "payout_exposure", "fnsku": "X000000012", "summary": taken}
    exposed = replace(findings[0], **changes)
    filed = replace(findings[0], finding_id="f00000000013", status="filed", fnsku="X000000013")
    findings = (*findings, exposed, filed)
    why = "2 of 3 lost units, the last on 2026-04-09"
    not_claimed = (replace(results.not_claimed[0], explanation=why), NotClaimed(*_other_candidate()))
    lines = (
        WhatIfLine("warehouse_lost", "open", "EUR", 3, 4, Decimal(30), 1, Decimal(24), 0, 2, Decimal(-6)),
        WhatIfLine("warehouse_lost", "in_progress", "EUR", 1, 1, Decimal(0), 1, Decimal(0), 1, 0, Decimal(0)),
    )
    return replace(results, findings=findings, not_claimed=not_claimed, manifest=manifest, what_if=lines)


def _other_candidate() -> tuple[Any, ...]:
    explanation = "0 of 1 units came back; the order was cancelled"
    return ("customer_return_missing", "DE", "", "", "7700000099", 1, "order_cancelled", None, explanation)


@pytest.fixture
def report() -> CheckReport:
    """What `audit check` found: every state of a file, an export and a need."""
    sheet = {"report_id": "ledger_detail", "encoding": "utf-8", "rows_read": 3}
    days = {"first_date": date(2026, 1, 1), "last_date": date(2026, 3, 31)}
    rejects = [Reject("a.txt", n, "Quantity", "the cell is blank", "", "left_out") for n in range(1, 12)]
    kept = Reject("a.txt", 12, "amount-total", "'#VALUE!' is no amount", "", "kept")
    readings = (
        Reading("a.txt", **sheet, **days, rejects=(kept, *rejects)),
        Reading("b.txt", **sheet, **days),
        *(Reading(f"{name}.txt", **{**sheet, "encoding": "cp1252"}) for name in "cdef"),
        Reading("g.txt", report_id="reimbursements"),
        Reading("h.txt"),
        Reading("i.txt", why_unknown="no header of a known report in its first 50 lines"),
    )
    line = {"present": True, "first_date": "2026-01-01", "last_date": "2026-03-31", "rows": 3, "gaps": []}
    gaps = {**line, "title": "All Orders", "gaps": [{"from": "2026-02-01", "to": "2026-02-09"}]}
    either = "Settlement V2 or Transaction report (date range)"
    needs = [
        Need("mcf_lost", "all_orders", (), either, absence=True, without=without, state=state, days=(), remedy="")
        for without, state in zip(
            ("no_finding", "review", "not_seen", "no_amount"),
            ("covered", "missing", "has gaps", "ends early"),
            strict=True,
        )
    ]
    spans = (((None, date(2026, 3, 1)),), ((date(2026, 2, 1), date(2026, 2, 9)),), ())
    worth = ({"EUR": "692.67", "PLN": "12.00"}, {}, {})
    to_export = [
        ToExport("customer_returns", (), "FBA customer returns", days, "mcf_lost", units, money, "")
        for days, units, money in zip(spans, (17, 2, 0), worth, strict=True)
    ]
    return CheckReport(
        as_of=date(2026, 6, 30),
        exports=[ReadExport(_source(r.name), r, same_as="a.txt" if r.name == "b.txt" else None) for r in readings],
        catalog=load_catalog(),
        coverage={},
        reports=[
            {**line, "title": "Reimbursements"},
            gaps,
            {**line, "title": "Replacements", "first_date": None, "last_date": None},
            {"title": "Fee preview", "present": False},
        ],
        needs=needs,
        to_export=to_export,
        silent=(),
        warnings=[],
        refusals=(),
    )


def _source(name: str) -> Source:
    return Source(name=name, path=Path(name), size=0)


def printed(show: Screen, speech: Speech, width: int = 80) -> str:
    file = io.StringIO()
    show(Console(file=file, width=width), speech)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()) + "\n"


def screens(told: Results, report: CheckReport, empty: Results) -> Iterator[tuple[str, Screen]]:
    """Every screen of a command that has German, with what it may hold."""
    nameless = replace(empty, manifest={**empty.manifest, "account": "", "as_of_source": ""})
    yield "run", lambda c, s: screen.summary_screen(told, OUT, c, s)
    yield "run, nothing found", lambda c, s: screen.summary_screen(nameless, OUT, c, s)
    yield "run, no costs", lambda c, s: screen.what_if_screen((), c, s)
    for within in (None, 1, 9):
        chosen = [f for f in told.findings if f.claim_by and (within is None or (f.days_left or 0) <= within)]
        yield f"deadlines {within}", lambda c, s, w=within, f=chosen: screen.deadlines_screen(f, told, w, c, s)
        yield f"no deadlines {within}", lambda c, s, w=within: screen.deadlines_screen([], told, w, c, s)
    for place, finding in enumerate(told.findings):
        yield f"explain {place}", lambda c, s, f=finding: screen.story_screen(story_of(told, f), c, s)
    for key in ("X000000001", "X000000010", "7700000099"):
        yield f"explain {key}", lambda c, s, k=key: screen.mentions_screen(mentions(told, k), told, c, s)
    yield "check", lambda c, s: print_report(report, c, s)


def stories(told: Results, make_source: Callable[..., EvidenceRow]) -> Iterator[tuple[str, Screen]]:
    """The story of a finding in each state, of each basis, with rows of each role that a rule counts."""
    first = told.findings[0]
    others = {f"state {state}": replace(first, status=state) for state in STATES}
    others |= {f"basis {basis}": replace(first, value_basis=basis) for basis in BASES}
    others["another sum"] = replace(first, units=1)
    others["no claim text"] = replace(first, finding_id="f00000000099", status="open", confidence="high", reasons="")
    for name, finding in others.items():
        yield name, lambda c, s, f=finding: screen.story_screen(story_of(told, f), c, s)
    cells = {"row": {"Title": "Mug"}}
    many = [make_source(first.finding_id, "lost", 1, date(2026, 5, day), **cells) for day in range(1, 10)]
    yield "many days", lambda c, s: screen.story_screen(story_of(replace(told, evidence=tuple(many)), first), c, s)
    for role in sorted({role for rule in load_rules()[0] for role in (*rule.facts.plus, *rule.facts.minus)}):
        rows = [make_source(first.finding_id, role, n, date(2026, 5, 3 + (n or 0)), **cells) for n in (3, -1, None)]
        signs = [{**rule, "plus": [role], "minus": []} for rule in told.manifest["rules"]]
        other = replace(told, evidence=tuple(rows), manifest={**told.manifest, "rules": signs})
        yield f"role {role}", lambda c, s, r=other: screen.story_screen(story_of(r, first), c, s)


def data_of(told: Results, report: CheckReport) -> list[str]:
    """What comes from exports, policy or the account, and is the same in every language; the longest first."""
    own = ("account", "marketplace", "rule", "fnsku", "msku", "asin", "title", "reference_id", "currency", "finding_id")
    texts = [getattr(finding, name) for finding in told.findings for name in own]
    texts += [f"{one_line(name)}: {one_line(cell)}" for row in told.evidence for name, cell in row.row.items()]
    texts.append("Title: Mug")
    texts += [text for row in told.evidence for text in (row.file, look_command(row, told.manifest))]
    texts += [text for entry in told.not_claimed for text in (entry.rule, entry.fnsku, entry.reference_id)]
    texts += [text for row in told.manifest["policy"]["windows"] for text in (row["source"], row["note"])]
    texts += [entry["report"] for entry in told.manifest["silent_rules"]]
    texts += [entry["file"] for entry in told.manifest["unknown_files"]]
    texts += [text for e in report.exports for text in (e.source.name, e.reading.encoding)]
    texts += [reject.column for export in report.exports for reject in export.reading.rejects]
    texts.append("VALUE")
    texts += [text for line in report.to_export for text in (line.rule, *line.worth)]
    texts += [layout.download for layout in report.catalog.reports.values()]
    texts += [f"results/{name}" for name in ("summary.html", "findings.xlsx", "claims", "deadlines.ics")]
    return sorted({text for text in texts if text} | NAMES, key=lambda text: (-len(text), text))


def in_english(text: str, data: Iterable[str]) -> list[str]:
    """The words of a text in a language without letters that are no data."""
    return WORD.findall(re.sub("|".join(rf"(?<!\w){re.escape(datum)}(?!\w)" for datum in data), " ", text))


def test_no_screen_says_a_word_that_is_not_in_the_catalogue(
    pseudo: Speech, told: Results, report: CheckReport, empty: Results, make_source: Callable[..., EvidenceRow]
) -> None:
    data = data_of(told, report)
    shown = [*screens(told, report, empty), *stories(told, make_source)]
    left = {name: words for name, show in shown if (words := in_english(printed(show, pseudo, 400), data))}
    assert left == {}


def test_the_screens_of_these_tests_say_everything_that_the_terminal_can_say(
    pseudo: Speech, told: Results, report: CheckReport, empty: Results, make_source: Callable[..., EvidenceRow]
) -> None:
    for _, show in (*screens(told, report, empty), *stories(told, make_source)):
        printed(show, pseudo)
    assert isinstance(pseudo.language.messages, Noting)
    titles = {rule.facts.title for rule in load_rules()[0]}
    steps = {"looking for exports", "reading the exports", "settling losses, finds and payments", "judging: {rule}"}
    steps |= {"collecting the evidence", "writing the results"}
    unsaid = terminal_messages("de").keys() - pseudo.language.messages.asked - titles
    assert sorted(unsaid) == sorted({*steps, "Written: {file}"})


def terminal_messages(code: str) -> dict[str, str]:
    """What the terminal says in a language by the English, its plurals left aside."""
    found = [m for m in read_catalog(code) if m.id and m.context == TERMINAL]
    return {str(m.id[0]): str(m.string[0]) if m.pluralizable else str(m.string) for m in found if m.pluralizable} | {
        str(m.id): str(m.string) for m in found if not m.pluralizable
    }


def test_only_languages_of_the_terminal_hold_its_messages_and_others_speak_english_there() -> None:
    assert {code for code in LANGUAGES if code != "en" and terminal_messages(code)} == {*TERMINAL_LANGUAGES} - {"en"}
    assert speech_of("fr").say("Not concluded") == "Not concluded"
    assert speech_of("ja").counted(2, "{n} unit", "{n} units") == "2 units"


def test_terminal_and_page_use_the_same_german_words() -> None:
    page = {str(m.id): str(m.string) for m in read_catalog("de") if m.id and m.context is None}
    shorter = {"units": "Einh.", "last day": "Fristende", "Value": "Wert"}
    other = {
        english: (local, page[english])
        for english, local in terminal_messages("de").items()
        if english in page and page[english] != local and shorter.get(english) != local
    }
    assert other == {}


def test_every_code_of_a_state_or_basis_has_its_word() -> None:
    words = page_pen.pen_of("en").environment.globals["page_words"]
    assert STATES.keys() == words.STATES.keys()
    assert BASES.keys() == words.BASES.keys()


def test_titles_of_rules_differ_in_what_a_narrow_column_leaves_of_them() -> None:
    beginnings = [GERMAN.rule_in_column(rule.facts.title)[:11] for rule in load_rules()[0]]
    assert len(set(beginnings)) == len(beginnings)


def test_a_rule_of_ones_own_keeps_its_title() -> None:
    assert GERMAN.rule_in_column("My {own} rule") == "My {own} rule"


def test_days_and_amounts_stay_as_the_rules_wrote_them() -> None:
    assert GERMAN.told("2 of 3 lost units, the last on 2026-04-09") == (
        "2 von 3 verlorenen Einheiten, zuletzt am 2026-04-09"
    )
    assert GERMAN.told("30.00 refunded - 25.00 charged = 5.00 too much") == (
        "30.00 erstattet - 25.00 berechnet = 5.00 zu viel"
    )
    assert GERMAN.money(Decimal("1012.5"), "EUR") == "1,012.50 EUR"


def test_counts_have_their_own_word_for_one() -> None:
    assert [GERMAN.units(units) for units in (-1, 0, 1, 2, 1200)] == [
        "-1 Einheit",
        "0 Einheiten",
        "1 Einheit",
        "2 Einheiten",
        "1,200 Einheiten",
    ]


def test_the_german_screens_read_like_this(
    told: Results, report: CheckReport, empty: Results, snapshot: SnapshotAssertion
) -> None:
    wanted = {"run", "run, nothing found", "deadlines None", "explain 0", "explain 8", "explain 9", "check"}
    read = {name: printed(show, GERMAN) for name, show in screens(told, report, empty)}
    for name in sorted({*wanted, "explain X000000001"}):
        assert read[name] == snapshot(name=name)


def test_tables_and_paragraphs_fit_eighty_columns_in_german(told: Results, report: CheckReport, empty: Results) -> None:
    # a story prints source rows and commands as they are
    amounts = (Decimal("123456.78"), 1, Decimal("234567.89"), 0, 123, Decimal("111111.11"))
    large = WhatIfLine("replacement_return_missing", "in_progress", "EUR", 124, 4321, *amounts)
    for name, show in screens(replace(told, what_if=(*told.what_if, large)), report, empty):
        if not re.fullmatch(r"explain \d+", name):
            assert max(cell_len(line) for line in printed(show, GERMAN).splitlines()) <= 80, name
