"""The digest as a Slack message and as an Adaptive Card for Microsoft Teams, within what these accept."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from auditor.accounts.digest import LONGEST, Digest, Line, cut

#: https://docs.slack.dev/reference/block-kit/blocks
SLACK_BLOCKS, SLACK_SECTION, SLACK_HEADER, SLACK_ALL = 50, 3000, 150, 13_200
#: https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
TEAMS_BYTES = 28_000


def slack(digest: Digest) -> bytes:
    """Block Kit JSON: `blocks`, and `text` for notifications."""
    return _fitting(digest, lambda shown: _json(_slack_message(digest, shown)), SLACK_ALL)


def _slack_message(digest: Digest, shown: int) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": cut(digest.subject(), SLACK_HEADER)}},
        _section(_escaped(digest.intro())),
        *(_section(_slack_line(digest, line)) for line in digest.lines[:shown]),
    ]
    if rest := _slack_rest(digest, shown):
        blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": rest}]})
    return {"text": cut(digest.subject(), SLACK_HEADER), "blocks": blocks[:SLACK_BLOCKS]}


def teams(digest: Digest) -> bytes:
    """The message of a Workflows webhook with one Adaptive Card."""
    return _fitting(digest, lambda shown: _json(_teams_message(digest, shown)), TEAMS_BYTES)


def _fitting(digest: Digest, make: Callable[[int], bytes], most: int) -> bytes:
    """The message with as many of the first lines as its channel takes; what is left out is counted in it."""
    shown = len(digest.lines)
    while len(content := make(shown)) > most and shown:
        shown -= 1
    return content


def _rest(digest: Digest, shown: int) -> str:
    hidden = digest.more + len(digest.lines) - shown
    return digest.words.text("digest", "more", more=digest.words.number(hidden)) if hidden else ""


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:SLACK_SECTION]}}


def _slack_line(digest: Digest, line: Line) -> str:
    said = line.said
    rows = [
        f"*{_escaped(line.name)}* – {_escaped(cut(said.title, LONGEST))}",
        _escaped(cut(said.what, LONGEST)),
        " – ".join(f"*{_escaped(part)}*" for part in _figures(digest, line)),
        f"→ {_escaped(cut(said.do, LONGEST))}",
    ]
    return "\n".join(row for row in rows if row)


def _slack_rest(digest: Digest, shown: int) -> str:
    link = f"<{digest.page}|{_escaped(digest.words.text('digest', 'portfolio'))}>" if digest.page else ""
    return " ".join(part for part in (_escaped(_rest(digest, shown)), link) if part)


def _figures(digest: Digest, line: Line) -> list[str]:
    by = f"{digest.words.text('digest', 'by')} {line.said.until}" if line.said.until else ""
    return [cut(part, 120) for part in (line.said.worth, by) if part]


def _escaped(text: str) -> str:
    """The three characters that Slack reads as markup, and those that would make a name bold or struck."""
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(character, entity)
    for mark in "*_~`":
        text = text.replace(mark, f"\u200b{mark}\u200b")
    return text


def _teams_message(digest: Digest, shown: int) -> dict[str, Any]:
    body: list[dict[str, Any]] = [
        {"type": "TextBlock", "size": "Large", "weight": "Bolder", "wrap": True, "text": _plain(digest.subject())},
        {"type": "TextBlock", "wrap": True, "text": _plain(digest.intro())},
        *(_teams_line(digest, line) for line in digest.lines[:shown]),
    ]
    if rest := _rest(digest, shown):
        body.append({"type": "TextBlock", "isSubtle": True, "wrap": True, "text": _plain(rest)})
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    if digest.page.startswith("https://"):
        title = digest.words.text("digest", "portfolio")
        card["actions"] = [{"type": "Action.OpenUrl", "title": title, "url": digest.page}]
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "contentUrl": None, "content": card}]}


def _teams_line(digest: Digest, line: Line) -> dict[str, Any]:
    said = line.said
    texts = [
        {
            "type": "TextBlock",
            "weight": "Bolder",
            "wrap": True,
            "text": _plain(f"{line.name} – {cut(said.title, LONGEST)}"),
        },
        {"type": "TextBlock", "wrap": True, "spacing": "None", "text": _plain(cut(said.what, LONGEST))},
    ]
    if figures := _figures(digest, line):
        text = _plain(" – ".join(figures))
        texts.append({"type": "TextBlock", "weight": "Bolder", "wrap": True, "spacing": "None", "text": text})
    do = _plain(f"→ {cut(said.do, LONGEST)}")
    texts.append({"type": "TextBlock", "color": "Accent", "wrap": True, "spacing": "None", "text": do})
    return {"type": "Container", "separator": True, "items": texts}


def _plain(text: str) -> str:
    """Text that a card does not read as Markdown."""
    for mark in ("\\", "*", "_", "[", "]", "`", "#"):
        text = text.replace(mark, f"\\{mark}")
    return text


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
