"""Digests, cards, calendars and messages: in each language, valid, and within the limits of their channels."""

from __future__ import annotations

import email
import json
import string
import tomllib
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from email import policy
from importlib.resources import files
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from syrupy.assertion import SnapshotAssertion

from auditor.accounts.alert import Kind
from auditor.accounts.digest import MOST_LINES, Digest, digests, plain_lines
from auditor.accounts.digest_calendar import calendar
from auditor.accounts.digest_cards import SLACK_ALL, SLACK_BLOCKS, SLACK_SECTION, TEAMS_BYTES, slack, teams
from auditor.accounts.digest_files import alerts_table, morning_files
from auditor.accounts.digest_mail import mail
from auditor.accounts.letters import letter
from auditor.accounts.settings import LANGUAGES
from auditor.accounts.words import words_of

from .alert_world import DAY, account, finding, seen
from .portfolio_world import person, portfolio, rich_view, view_of

PAGE = "https://intranet.example/portfolio.html"


def digest(language: str) -> Digest:
    [made] = digests(portfolio([view_of(rich_view())], person(language)), PAGE)
    return made


def catalog(language: str) -> dict[str, Any]:
    return tomllib.loads(files("auditor.reports").joinpath("messages", f"{language}.toml").read_text("utf-8"))


def flat(table: dict[str, Any], *path: str) -> dict[tuple[str, ...], Any]:
    found: dict[tuple[str, ...], Any] = {}
    for key, value in table.items():
        found |= flat(value, *path, key) if isinstance(value, dict) else {(*path, key): value}
    return found


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("en", "1 day", "30 days"),
        ("de", "1 Tag", "30 Tage"),
        ("fr", "1\u00a0jour", "30\u00a0jours"),
        ("it", "1 giorno", "30 giorni"),
        ("es", "1 día", "30 días"),
        ("ja", "1日", "30日"),
    ],
)
def test_days_are_counted_in_words_of_the_language(language: str, one: str, many: str) -> None:
    words = words_of(language)
    assert (words.days(1), words.days("30")) == (one, many)


def placeholders(value: Any) -> Any:
    if isinstance(value, list):
        return len(value)
    return sorted(name for _, name, _, _ in string.Formatter().parse(value) if name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_keys_with_the_same_placeholders(language: str) -> None:
    told = {path: placeholders(text) for path, text in flat(catalog(language)).items()}
    assert told == {path: placeholders(text) for path, text in flat(catalog("en")).items()}


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_no_sentence_is_left_in_english(language: str) -> None:
    english, own = flat(catalog("en")), flat(catalog(language))
    same = {path for path, text in own.items() if english[path] == text}
    # An account is called so in Italian as well.
    words = {("letter", "column_id"), ("letter", "column_sku"), ("digest", "account")}
    assert same <= {("alert", "failed", "what"), *words}


def test_every_kind_of_alert_has_words() -> None:
    assert set(catalog("en")["alert"]) == set(get_args(Kind))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_morning_of_a_person_in_each_language(language: str, snapshot: SnapshotAssertion) -> None:
    made = digest(language)
    assert plain_lines(made) == snapshot(name="text")
    assert json.loads(slack(made)) == snapshot(name="slack")
    assert json.loads(teams(made)) == snapshot(name="teams")
    content = calendar(portfolio([view_of(rich_view())], person(language)), person(language))
    assert (content or b"").decode() == snapshot(name="calendar")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("experience", ["new", "experienced"])
def test_the_message_to_a_seller_in_each_language(language: str, experience: str, snapshot: SnapshotAssertion) -> None:
    draft = letter(view_of(rich_view(language, experience=experience, model="wholesale")), DAY)
    assert draft is not None
    assert draft.text() == snapshot


def figures(text: str) -> set[str]:
    return {word.strip(".,;:") for word in text.split() if any(c.isdigit() for c in word)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_do_not_differ_by_segment(language: str) -> None:
    said = [
        letter(view_of(rich_view(language, experience=e, model=m)), DAY)
        for e in ("new", "experienced")
        for m in ("private_label", "wholesale", "arbitrage")
    ]
    bodies = [each.body.split("\n") for each in said if each]
    # The sentence that counts and values is the same for everyone.
    sentences = {next(line for line in body if "1" in line and "," in line and figures(line)) for body in bodies}
    assert len(sentences) == 1


def test_documents_fit_the_kind_of_seller() -> None:
    papers = {
        model: letter(view_of(rich_view(model=model)), DAY) for model in ("private_label", "wholesale", "arbitrage")
    }
    assert len({each.body for each in papers.values() if each}) == 3


def test_who_has_nothing_to_be_told_gets_no_message() -> None:
    assert letter(view_of(seen()), DAY) is None


def test_the_mail_opens_with_text_and_html_and_is_dated_the_persons_morning() -> None:
    message = email.message_from_bytes(mail(digest("ja")), policy=policy.default)
    assert message["To"] == "Mira <mira@example.com>"
    assert message["Date"] == "Mon, 04 May 2026 07:00:00 +0900"
    text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    assert "ポートフォリオ" in text
    assert "Kessel &amp; Söhne &lt;GmbH&gt;" in html
    assert mail(digest("ja")) == mail(digest("ja"))


def test_nothing_new_writes_no_digest_and_an_empty_portfolio_writes_nothing() -> None:
    first = view_of(rich_view())
    next_day = DAY + timedelta(days=1)
    second = view_of(replace(rich_view(), newest=next_day), next_day, first.kept)
    assert [k.alert.key for k in second.kept if k.alert.first_day == next_day] == []
    names = [name for name, _ in morning_files(portfolio([second], day=next_day))]
    assert names == ["digests/mira.ics", "alerts.csv"]
    assert list(morning_files(portfolio([view_of(seen())]))) == []


def test_everybody_is_told_of_their_own_accounts_only() -> None:
    one, two = (view_of(seen(account=account(i, owner=i), findings=[finding(safe_by=DAY)])) for i in ("mira", "jan"))
    made = list(digests(portfolio([one, two], person(), person("de", id="jan", name="Jan"))))
    assert [(each.person.id, [line.name for line in each.lines]) for each in made] == [
        ("mira", ["mira"]),
        ("jan", ["jan"]),
    ]


def test_biggest_and_nearest_come_first_and_the_rest_is_counted() -> None:
    views = [
        view_of(
            seen(account=account(f"a{n:02}"), findings=[finding(safe_by=DAY + timedelta(days=7), amount=Decimal(n))])
        )
        for n in range(1, 31)
    ]
    [made] = digests(portfolio(views))
    assert [line.name for line in made.lines] == [f"a{n}" for n in range(30, 30 - MOST_LINES, -1)]
    assert made.more == 20
    assert "20" in made.rest()


HOSTILE = st.text(st.sampled_from("&<>*_|`~#[]\\\"'\n\u202eäあ a"), min_size=1, max_size=200).filter(str.strip)


@settings(max_examples=25, deadline=None)
@given(HOSTILE, st.integers(1, 60))
def test_cards_stay_within_the_limits_whatever_names_hold(name: str, count: int) -> None:
    views = [
        view_of(seen(account=account(f"a{n}", name=name), findings=[finding(safe_by=DAY)], failed=name * 20))
        for n in range(count)
    ]
    [made] = digests(portfolio(views, person(name=name)), PAGE)
    message = json.loads(slack(made))
    assert len(message["blocks"]) <= SLACK_BLOCKS
    assert all(len(b["text"]["text"]) <= SLACK_SECTION for b in message["blocks"] if "text" in b)
    assert len(slack(made).decode()) <= SLACK_ALL
    assert len(teams(made)) <= TEAMS_BYTES
    assert len(plain_lines(made)) <= 60
    shown = sum(b["type"] == "section" for b in message["blocks"]) - 1
    assert shown >= 1


def test_a_card_has_what_its_schema_asks_for() -> None:
    [attachment] = json.loads(teams(digest("en")))["attachments"]
    card = attachment["content"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert {"type", "version", "body"} <= card.keys()
    assert {part["type"] for part in card["body"]} <= {"TextBlock", "Container"}
    assert all(part["items"] for part in card["body"] if part["type"] == "Container")


def test_an_event_keeps_its_uid_counts_its_changes_and_is_cancelled_when_it_is_over() -> None:
    first = view_of(rich_view())
    day = DAY + timedelta(days=1)
    over = view_of(replace(rich_view(), findings=[], losses=[], newest=day), day, first.kept)
    events = []
    for view, on in ((first, DAY), (over, day)):
        content = calendar(portfolio([view], day=on), person())
        parsed = Calendar.from_ical(content or b"")
        events.append({str(e["uid"]): e for e in parsed.walk("VEVENT")})
    assert events[0].keys() <= events[1].keys()
    gone = [uid for uid, event in events[1].items() if event["status"] == "CANCELLED"]
    assert len(gone) == 3  # two steps of deadlines and the wave
    assert all(events[1][uid]["sequence"] > events[0][uid]["sequence"] for uid in gone)


def test_the_table_neutralises_what_a_spreadsheet_would_run() -> None:
    view = view_of(seen(account=account(name="=1+1"), findings=[finding(safe_by=DAY)]))
    assert b"'=1+1" in alerts_table(portfolio([view]))
