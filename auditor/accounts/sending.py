"""Digests go out by apprise, when somebody has said where to: each once, with another try when a channel fails.

What is to be sent is noted before it is sent, and what was sent after it: after a kill between the two nobody knows
whether it arrived, and it is not sent again. A channel that refuses is reported, and the others get theirs.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from auditor.accounts.digest import Digest, plain_lines
from auditor.model import AuditError, Problem, WrongUsage
from auditor.publish.lock import held

RECORD = "digests.sent.jsonl"
#: Seconds before another try.
PAUSES = (2.0, 10.0, 30.0)
_PATIENCE = 5.0

Send = Callable[[str, str, str], bool]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one digest in one channel.

    sent, failed, held (the person's quiet hours), already (sent before) or unknown (cut off before).
    """

    person: str
    channel: str
    outcome: str
    tries: int = 0


def apprise_send(url: str, title: str, body: str) -> bool:
    """Send by apprise. Raises AuditError when it is not installed or does not know the URL."""
    try:
        import apprise
    except ModuleNotFoundError as error:
        remedy = "Install it with `pip install 'fba-reimbursement-auditor[notify]'`."
        raise AuditError(Problem("sending needs the package apprise.", remedy)) from error
    channel = apprise.Apprise()
    if not channel.add(url):
        raise AuditError(Problem(f"{_shown(url)} is no address that apprise knows.", "Its documentation lists them."))
    return bool(channel.notify(body=body, title=title))


def read_channels(path: Path) -> Mapping[str, Sequence[str]]:
    """The addresses of each person: a TOML file with one list a person. Raises WrongUsage for anything else."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WrongUsage(Problem(f"{path} cannot be read: {error}.", 'Write: mira = ["slack://..."]')) from error
    for person, urls in told.items():
        if not isinstance(urls, list) or not all(isinstance(url, str) for url in urls):
            raise WrongUsage(Problem(f"{person} has no list of addresses.", 'Write: mira = ["slack://..."]', str(path)))
    return told


def deliver(
    digests: Sequence[Digest],
    channels: Mapping[str, Sequence[str]],
    out: Path,
    *,
    send: Send = apprise_send,
    pause: Callable[[float], None] = time.sleep,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> list[Delivered]:
    """Send each digest to the channels of its person, and say what became of each.

    In the quiet hours of a person nothing is sent; the next call after them sends it.
    Two senders at once take turns; the second finds everything sent.
    """
    with held(out / f".{RECORD}.lock", _PATIENCE, "Another process is sending the digests."):
        record = _Record(out / RECORD)
        return [
            _held(digest, url, record) if digest.person.is_quiet(now()) else _deliver(digest, url, record, send, pause)
            for digest in digests
            for url in channels.get(digest.person.id, ())
        ]


def _held(digest: Digest, url: str, record: _Record) -> Delivered:
    before = record.outcomes.get(_key(digest, url))
    return Delivered(digest.person.id, _shown(url), "already" if before == "sent" else "held")


def _key(digest: Digest, url: str) -> str:
    return hashlib.sha256(f"{digest.person.id}|{digest.day}|{url}".encode()).hexdigest()[:32]


def _deliver(digest: Digest, url: str, record: _Record, send: Send, pause: Callable[[float], None]) -> Delivered:
    person, shown = digest.person.id, _shown(url)
    key = _key(digest, url)
    if (before := record.outcomes.get(key)) in {"sent", "sending"}:
        return Delivered(person, shown, "already" if before == "sent" else "unknown")
    body = "\n".join(plain_lines(digest))
    for number, wait in enumerate((*PAUSES, None), start=1):
        record.note(key, person, shown, "sending")
        try:
            sent = send(url, digest.subject(), body)
        except AuditError:
            record.note(key, person, shown, "failed")
            raise
        except Exception:  # a plug-in of a channel may raise anything; the others still get theirs
            sent = False
        record.note(key, person, shown, "sent" if sent else "failed")
        if sent or wait is None:
            return Delivered(person, shown, "sent" if sent else "failed", number)
        pause(wait)
    raise AssertionError("the last try returns")


class _Record:
    """What was sent, a line each; a line that is cut off counts as not written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.outcomes: dict[str, str] = {}
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        for line in lines:
            try:
                told = json.loads(line)
                self.outcomes[told["key"]] = told["outcome"]
            except (ValueError, KeyError, TypeError):
                continue

    def note(self, key: str, person: str, channel: str, outcome: str) -> None:
        line = json.dumps({"key": key, "person": person, "channel": channel, "outcome": outcome}, ensure_ascii=False)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.outcomes[key] = outcome


def _shown(url: str) -> str:
    """The kind of channel only: the rest of such an address is a secret."""
    return f"{url.partition('://')[0]}://…"
