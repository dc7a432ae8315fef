"""What the page is made of: figures, stories, charts, words and colours, each on its own."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files

import page_results as made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.publish import page_charts, page_figures, page_pen, page_stories
from auditor.publish.language import load_language
from auditor.publish.page_format import Format

ENGLISH = Format(load_language("en"))
day = ENGLISH.day
days = ENGLISH.days
money = ENGLISH.money


def test_the_figures_of_a_currency_add_up() -> None:
    for figures in page_figures.by_currency(made.some().findings, []):
        assert figures.open.amount == figures.ready.amount + figures.to_check.amount
        assert figures.open.units == figures.ready.units + figures.to_check.units
        within = [tally.findings for _, tally in figures.soon]
        assert within == sorted(within)
        assert within[-1] <= figures.open.findings


def test_what_amazon_may_take_back_is_owed_by_nobody_and_stands_apart() -> None:
    found = [replace(made.finding(n), status="open", currency="USD", amount=Decimal(10)) for n in range(3)]
    found[0] = replace(found[0], rule="payout_exposure")
    [figures] = page_figures.by_currency(found, [], {"payout_exposure"})
    assert (figures.open.findings, figures.open.amount) == (2, 20)
    assert (figures.exposed.findings, figures.exposed.amount) == (1, 10)


def test_what_runs_out_in_seven_days_includes_the_seventh_and_not_the_eighth() -> None:
    on = [replace(made.finding(0), status="open", days_left=left, currency="USD") for left in (0, 7, 8, 14, 15, 30, 31)]
    [figures] = page_figures.by_currency(on, [])
    assert [(n, tally.findings) for n, tally in figures.soon] == [(7, 2), (14, 4), (30, 6)]


def test_the_nearest_deadlines_come_first_with_their_drafts() -> None:
    steps = page_figures.next_steps(made.some(), made.AS_OF)
    last_days = [step.finding.claim_by for step in steps]
    assert last_days == sorted(last_days)
    assert last_days[0] == min(f.claim_by for f in made.some().findings if f.status == "open" and f.claim_by)
    assert [step.draft is not None for step in steps] == [step.finding.confidence == "high" for step in steps]


def test_once_the_safe_day_has_passed_the_last_day_is_the_day_to_file_by() -> None:
    def due(left: int) -> date | None:
        last = made.AS_OF + timedelta(days=left)
        safe = last - timedelta(days=2)
        return page_figures.file_by(replace(made.finding(0), claim_by=last, safe_by=safe, days_left=left))

    assert due(1) == made.AS_OF + timedelta(days=1)
    assert due(2) == made.AS_OF
    assert due(-3) == made.AS_OF - timedelta(days=3)


def test_a_finding_with_very_many_rows_sums_by_role_and_leaves_the_rest_to_the_file() -> None:
    f = made.finding(4, units=59)
    base = made.evidence_of(f)[0]
    rows = [replace(base, units=1, line=n, date=made.AS_OF - timedelta(days=n)) for n in range(59)]
    [story] = page_stories.stories(replace(made.results_of([f]), evidence=tuple(rows)), [])
    assert [(line.units, line.rows) for line in story.sum.lines] == [(59, 59)]
    assert (len(story.evidence), story.hidden_evidence) == (40, 19)


def test_what_is_over_comes_after_what_can_still_be_claimed() -> None:
    order = [f.status == "expired" for f in page_stories.reading_order(made.some().findings)]
    assert order == sorted(order)
    assert True in order


@pytest.mark.parametrize(
    ("claim_from", "status", "days_left", "words"),
    [
        (None, "open", 1, "1 day left"),
        (None, "open", 0, "last day"),
        (None, "open", 12, "12 days left"),
        (None, "expired", -1, "closed 1 day ago"),
        (date(2026, 8, 4), "waiting", 90, "opens 4 Aug 2026"),
    ],
)
def test_a_deadline_is_told_in_words(claim_from: date | None, status: str, days_left: int, words: str) -> None:
    f = replace(made.finding(0), claim_from=claim_from, status=status, days_left=days_left)
    assert page_pen.pen_of("en").words("deadline_note", f).strip() == words


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(-30, 700), st.sampled_from(["open", "waiting", "expired"])), max_size=30))
def test_every_deadline_ahead_stands_in_exactly_one_week(ahead: list[tuple[int, str]]) -> None:
    findings = [
        replace(made.finding(n), status=status, claim_by=made.AS_OF + timedelta(days=max(left, 0)))
        for n, (left, status) in enumerate(ahead)
    ]
    expected = sum(1 for f in findings if f.status != "expired")
    drawn = page_charts.timeline(findings, made.AS_OF)
    assert (sum(week.findings for week in drawn.weeks) + drawn.later if drawn else 0) == expected


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 500), min_size=6, max_size=6))
def test_the_bars_of_a_unit_flow_end_where_the_next_begins(parts: list[int]) -> None:
    flow = page_figures.UnitFlow("lost", sum(parts), *parts, 0)
    steps = page_charts.flow_steps(flow)
    assert flow.balances
    assert sum(step.units for step in steps[1:]) == flow.units
    assert steps[-1].x == "0.00%"


def test_dates_and_money_read_the_same_everywhere() -> None:
    assert day("2026-03-02") == day(date(2026, 3, 2)) == "2 Mar 2026"
    assert days("2026-03-02", "2026-03-02") == "2 Mar 2026"
    assert money(Decimal("1234.5"), "JPY") == "¥1,234"
    assert money("1240.50", "CAD") == "CA$1,240.50"
    assert money(None, "EUR") == ""


def test_words_and_marks_stand_out_enough_from_their_ground() -> None:
    style = (files("auditor.reports") / "page.css").read_text("utf-8")
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in style.split("@media", 2)[:2])
    for theme in (light, dark):
        for ink in ("ink", "soft", "accent", "warn"):
            for ground in ("paper", "wash"):
                assert _contrast(theme[ink], theme[ground]) >= 4.5, (ink, ground)
        assert _contrast(theme["warn"], theme["warn-wash"]) >= 4.5
        assert _contrast(theme["accent"], theme["accent-wash"]) >= 4.5
        assert _contrast(theme["on-accent"], theme["accent"]) >= 4.5
        assert _contrast(theme["edge"], theme["paper"]) >= 3


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
