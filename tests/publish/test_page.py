"""What summary.html says, read as text: figures, stories, escaping, and what it must never say."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from html import unescape
from html.parser import HTMLParser

import page_results as made
import pytest

from auditor.model import Results
from auditor.publish import page, page_pen, page_stories
from auditor.publish.language import load_language
from auditor.publish.page_format import Format

ENGLISH = Format(load_language("en"))
day = ENGLISH.day
money = ENGLISH.money


class Reading(HTMLParser):
    """Everything a browser would find: elements with their attributes, and the text outside scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.skipping = ""
        self.feed(text)
        self.text = " ".join("".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.words.append("" if tag in ("bdi", "a", "b", "span", "strong", "code") else " ")
        if tag in ("script", "style", "template"):
            self.skipping = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self.skipping:
            self.skipping = ""

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.words.append(data)


@pytest.fixture(scope="module")
def some() -> Results:
    return made.some()


@pytest.fixture(scope="module")
def html(some: Results) -> str:
    return page.render(some)


@pytest.fixture(scope="module")
def read(html: str) -> Reading:
    return Reading(html)


@pytest.fixture(scope="module")
def very_many() -> tuple[Results, str]:
    results = made.many()
    return results, page.render(results)


def test_every_finding_id_stands_in_the_page_as_plain_text(some: Results, html: str) -> None:
    assert [f.finding_id for f in some.findings if f.finding_id not in html] == []


def test_twenty_thousand_findings_stay_under_eight_megabytes_with_every_id_as_plain_text(
    very_many: tuple[Results, str],
) -> None:
    results, html = very_many
    assert len(html.encode()) < 8_000_000
    ids = set(re.findall(r"F-\d{4,}-[0-9a-f]{6}", html))
    assert {f.finding_id for f in results.findings} <= ids


def test_long_texts_in_twenty_thousand_findings_do_not_make_the_page_too_heavy() -> None:
    findings = [
        made.finding(n, title=f"商品{n}" + "ステンレス" * 30, summary=f"Case {n}: " + "it went missing. " * 12)
        for n in range(20_000)
    ]
    candidates = tuple(replace(made.not_claimed(n), explanation=f"{n} " + "because " * 40) for n in range(20_000))
    html = page.render(replace(made.results_of(findings), not_claimed=candidates))
    assert len(html.encode()) < 8_000_000
    assert [f.finding_id for f in findings[::997] if f.finding_id not in html] == []


def test_a_long_list_names_the_file_that_holds_it_all_for_readers_without_scripts(
    very_many: tuple[Results, str],
) -> None:
    _, html = very_many
    notes = " ".join(re.findall(r"<noscript>(.*?)</noscript>", html, re.DOTALL))
    assert "findings.csv" in notes
    assert "not_claimed.csv" in notes


def test_candidates_beyond_those_listed_are_counted_and_their_file_is_named(very_many: tuple[Results, str]) -> None:
    assert "The first 10,000 of 20,000 candidates" in very_many[1]


def test_the_same_results_give_the_same_bytes(some: Results, html: str) -> None:
    page_pen.pen_of.cache_clear()
    assert page.render(made.some()) == html


def test_the_content_policy_allows_exactly_the_blocks_in_the_page(html: str) -> None:
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    policy = unescape(policy)
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        [block] = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_nothing_in_the_page_loads_from_elsewhere_or_runs_beside_the_policy(read: Reading) -> None:
    for tag, attributes in read.elements:
        assert tag not in ("img", "link", "iframe", "object", "base"), tag
        assert not {"src", "style", "srcset", "action"} & attributes.keys(), (tag, attributes)
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)


@pytest.mark.parametrize("title", made.HOSTILE_TITLES)
def test_a_hostile_title_is_text_and_nothing_else(read: Reading, title: str) -> None:
    assert " ".join(title.split()) in read.text
    assert Counter(tag for tag, _ in read.elements)["script"] == 1


def test_a_title_in_a_long_list_cannot_end_its_script_element() -> None:
    findings = [made.finding(n, title="</script><script>alert(1)</script><!--") for n in range(2_001)]
    html = page.render(made.results_of(findings))
    scripts = [attributes for tag, attributes in Reading(html).elements if tag == "script"]
    assert scripts == [{}, {"type": "application/json", "data-rows": None}]
    assert "<script>alert" not in html


def test_titles_are_isolated_from_the_direction_of_their_neighbours(html: str) -> None:
    for found in re.finditer("\u202e", html):
        before = html[: found.start()]
        assert before.rfind("<bdi") > before.rfind("</bdi>")


def test_open_money_is_summed_by_currency_and_never_across(some: Results, read: Reading) -> None:
    for currency in ("USD", "EUR", "JPY"):
        now = [f for f in some.findings if f.status == "open" and f.currency == currency]
        total = sum((f.amount for f in now if f.amount is not None), Decimal(0))
        findings, units = len(now), sum(f.units for f in now)
        assert f"{currency} {money(total, currency)} {findings} findings, {units} units" in read.text
    everything = sum((f.amount for f in some.findings if f.amount is not None), Decimal(0))
    assert f"{everything:,}" not in read.text


def test_an_unknown_value_is_never_shown_as_zero() -> None:
    lone = replace(made.finding(3), status="open", unit_value=None, amount=None, currency="", value_basis="", units=4)
    text = Reading(page.render(made.results_of([lone], already_paid=[]))).text
    assert "Open to claim now value unknown 4 units" in text
    assert "1 finding (4 units) has no known value." in text
    assert not re.search(r"[$€¥]0|\b0\.00", text)


def test_already_paid_is_summed_from_the_manifest_by_currency(read: Reading) -> None:
    assert "Already paid €720.15 41" in read.text
    assert "Already paid $612.40 41" in read.text


def test_an_audit_that_found_nothing_says_what_it_checked() -> None:
    text = Reading(page.render(made.nothing())).text
    assert "Nothing owed in this period 26,104 rows of 5 files checked, 2 Dec 2025 – 30 Jun 2026." in text
    assert "nothing has to be filed now" in text


def test_results_with_a_bare_manifest_still_make_a_page() -> None:
    text = Reading(page.render(Results((), (), (), (), (), {}))).text
    assert "What Amazon owes you" in text
    assert "No file was read." in text


def test_each_story_tells_its_sum_its_window_and_its_rows(some: Results, read: Reading) -> None:
    story = next(
        s for s in page_stories.stories(some, some.manifest["policy"]["windows"]) if s.finding.rule == "warehouse_lost"
    )
    f = story.finding
    lost, found = story.evidence
    assert (
        f"{f.units + 1} lost {day(f.event_date)} − 1 found again {day(found.date)} = {f.units} units open" in read.text
    )
    assert f"{lost.file}:{lost.line}" in read.text
    assert "60 days" in read.text
    assert story.sum.agrees


def _policy(results: Results) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    return results.manifest["rules"], results.manifest["policy"]["windows"]


def test_rows_that_do_not_come_to_the_finding_are_called_out() -> None:
    f = replace(made.finding(4), units=9)
    results = made.results_of([f])
    short = replace(
        results, evidence=tuple(replace(row, units=3 if row.role != "found" else 1) for row in results.evidence)
    )
    assert "the finding stands at 9 units" in Reading(page.render(short)).text


def test_only_web_addresses_become_links() -> None:
    window = {"claim_type": "x", "marketplace": "US", "confidence": "low", "source": "javascript:alert(1) a book, p. 3"}
    results = made.results_of([made.finding(0)], policy={"version": "", "checked": "", "windows": [window]})
    read = Reading(page.render(results))
    assert "javascript:alert(1) a book, p. 3" in read.text
    links = [str(attributes["href"]) for tag, attributes in read.elements if tag == "a"]
    assert [link for link in links if not link.startswith(("#", "claims/", "https://"))] == []


def test_every_input_is_listed_with_its_counts_and_a_sum_that_fails_is_an_alarm() -> None:
    results = made.plain()
    assert "51901234567.txt Inventory Ledger, detailed view" in Reading(page.render(results)).text
    broken = [dict(row) for row in results.manifest["inputs"]]
    broken[0]["rows"] = broken[0]["rows"] | {"loaded": 1}
    text = Reading(page.render(replace(results, manifest={**results.manifest, "inputs": broken}))).text
    assert "Rows read, loaded, repeated and rejected do not add up." in text
    assert "every one accounted for" not in text


def test_a_unit_balance_that_does_not_close_is_an_alarm() -> None:
    results = made.plain()
    balance = [dict(row) for row in results.manifest["unit_balance"]]
    balance[0]["found"] += 1
    text = Reading(page.render(replace(results, manifest={**results.manifest, "unit_balance": balance}))).text
    assert "The unit balance does not close." in text


def test_a_silent_rule_says_which_export_to_download_for_which_days(read: Reading) -> None:
    assert "FBA customer returns 1 Sep 2025 – 31 Dec 2025 12 14 $412.50" in read.text


def test_every_rule_says_which_export_is_covered_and_what_days_without_it_cost(read: Reading) -> None:
    assert (
        "Refunded, never returned Settlement V2 or Transaction report (date range) covered nothing is seen "
        "FBA customer returns has gaps Export the days 2026-03-01 to 2026-03-20 nothing is concluded "
        "Reimbursements covered a person has to look" in read.text
    )


def test_a_rule_that_lacks_an_export_is_something_to_look_at() -> None:
    results = made.plain()
    needs = [row | {"state": "missing"} for row in results.manifest["needs"]]
    changed = {**results.manifest, "needs": needs, "silent_rules": []}
    assert "1 rule lacks an export." in Reading(page.render(replace(results, manifest=changed))).text
