"""Digests are sent once, tried again when a channel fails, and never block anything."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from auditor.accounts.digest import Digest, digests
from auditor.accounts.sending import PAUSES, RECORD, apprise_send, deliver, read_channels
from auditor.model import AuditError, WrongUsage

from .portfolio_world import person, portfolio, rich_view, view_of

CHANNELS = {"mira": ["json://channel/"]}


@pytest.fixture
def morning() -> list[Digest]:
    return list(digests(portfolio([view_of(rich_view())], person("de"))))


def test_a_digest_is_sent_once_however_often_the_command_runs(morning: list[Digest], tmp_path: Path) -> None:
    sent: list[str] = []

    def send(url: str, title: str, body: str) -> bool:
        sent.append(title)
        return True

    first, second = (deliver(morning, CHANNELS, tmp_path, send=send) for _ in range(2))
    assert ([d.outcome for d in first], [d.outcome for d in second]) == (["sent"], ["already"])
    assert sent == [morning[0].subject()]


def test_a_channel_that_refuses_is_tried_again_with_longer_pauses(morning: list[Digest], tmp_path: Path) -> None:
    answers, pauses = iter([False, False, True]), []
    done = deliver(morning, CHANNELS, tmp_path, send=lambda *_: next(answers), pause=pauses.append)
    assert [(d.outcome, d.tries) for d in done] == [("sent", 3)]
    assert pauses == list(PAUSES[:2])


def test_nothing_is_sent_in_the_quiet_hours_of_a_person_and_all_of_it_after_them(tmp_path: Path) -> None:
    asleep = person("de", quiet_hours="20:00-07:00")
    morning = list(digests(portfolio([view_of(rich_view())], asleep)))
    # 05:30 in UTC is 07:30 in Berlin in summer, and 04:30 is 06:30.
    clock = iter([datetime(2026, 6, 30, 4, 30, tzinfo=UTC), datetime(2026, 6, 30, 5, 30, tzinfo=UTC)])
    sent: list[str] = []

    def send(url: str, title: str, body: str) -> bool:
        sent.append(title)
        return True

    early, later = (deliver(morning, CHANNELS, tmp_path, send=send, now=lambda: next(clock)) for _ in range(2))
    assert ([d.outcome for d in early], [d.outcome for d in later]) == (["held"], ["sent"])
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("hours", "utc_hour", "quiet"),
    [("12:00-14:00", 11, True), ("12:00-14:00", 13, False), ("22:00-06:00", 21, True), ("22:00-06:00", 5, False)],
)
def test_quiet_hours_are_those_of_the_persons_own_clock(hours: str, utc_hour: int, quiet: bool) -> None:
    # Berlin is an hour ahead of UTC in winter.
    assert person("de", quiet_hours=hours).is_quiet(datetime(2026, 1, 15, utc_hour, 30, tzinfo=UTC)) is quiet
    assert not person("de").is_quiet(datetime(2026, 1, 15, utc_hour, tzinfo=UTC))


def test_a_channel_that_breaks_is_reported_and_the_others_get_theirs(morning: list[Digest], tmp_path: Path) -> None:
    def send(url: str, title: str, body: str) -> bool:
        if "broken" in url:
            raise OSError("no route")
        return True

    channels = {"mira": ["json://broken/secret", "json://fine/"]}
    done = deliver(morning, channels, tmp_path, send=send, pause=lambda _: None)
    assert [(d.outcome, d.tries) for d in done] == [("failed", len(PAUSES) + 1), ("sent", 1)]
    assert "secret" not in (tmp_path / RECORD).read_text(encoding="utf-8")
    again = deliver(morning, channels, tmp_path, send=lambda *_: True)
    assert [d.outcome for d in again] == ["sent", "already"]


def test_what_was_cut_off_while_it_was_sent_is_not_sent_again(morning: list[Digest], tmp_path: Path) -> None:
    def killed(url: str, title: str, body: str) -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver(morning, CHANNELS, tmp_path, send=killed)
    assert [d.outcome for d in deliver(morning, CHANNELS, tmp_path, send=lambda *_: True)] == ["unknown"]


def test_a_damaged_record_counts_what_it_still_tells(morning: list[Digest], tmp_path: Path) -> None:
    deliver(morning, CHANNELS, tmp_path, send=lambda *_: True)
    with (tmp_path / RECORD).open("a", encoding="utf-8") as file:
        file.write('{"key": "cut of')
    assert [d.outcome for d in deliver(morning, CHANNELS, tmp_path, send=lambda *_: True)] == ["already"]


@pytest.fixture
def server() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A channel on the loopback address that refuses the first message with 500."""
    received: list[dict[str, str]] = []
    refused: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            status = 200 if refused else 500
            refused.append(status)
            if status == 200:
                received.append(json.loads(content))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    http = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield f"json://127.0.0.1:{http.server_port}/", received
    http.shutdown()
    http.server_close()


def test_apprise_delivers_to_a_server_that_fails_once(
    morning: list[Digest], tmp_path: Path, server: tuple[str, list[dict[str, str]]]
) -> None:
    pytest.importorskip("apprise")
    url, received = server
    done = deliver(morning, {"mira": [url]}, tmp_path, pause=lambda _: None)
    assert [(d.outcome, d.tries) for d in done] == [("sent", 2)]
    assert [each["title"] for each in received] == [morning[0].subject()]
    assert "Guten Morgen Mira" in received[0]["message"]


def test_an_address_that_apprise_does_not_know_is_named_without_its_secret() -> None:
    pytest.importorskip("apprise")
    with pytest.raises(AuditError, match="nonsense://…") as caught:
        apprise_send("nonsense://token", "title", "body")
    assert "token" not in str(caught.value)


def test_without_apprise_the_remedy_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(AuditError, match="notify"):
        apprise_send("json://host/", "title", "body")


def test_channels_are_lists_of_addresses_by_person(tmp_path: Path) -> None:
    file = tmp_path / "channels.toml"
    file.write_text('mira = ["json://host/"]\n', encoding="utf-8")
    assert read_channels(file) == {"mira": ["json://host/"]}
    file.write_text('mira = "json://host/"\n', encoding="utf-8")
    with pytest.raises(WrongUsage, match="mira has no list"):
        read_channels(file)
