"""The story of a finding: its sum, its value, its window and its source rows."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from auditor.model import EvidenceRow, Finding, Results
from auditor.publish.look import look_command
from auditor.publish.speech import speech_of
from auditor.publish.story import arithmetic, mentions, nearest, story_json, story_lines, story_of

ENGLISH = speech_of("en")


def _told(results: Results, place: int) -> str:
    lines = story_lines(story_of(results, results.findings[place]), ENGLISH)
    return "\n".join(f"{head}|{line}" for head, line in lines)


def test_the_sum_adds_what_was_lost_and_takes_away_what_explains_it(results: Results) -> None:
    told = story_of(results, results.findings[0])
    assert arithmetic(told, ENGLISH) == "5 lost on 2026-05-01 - 2 found on 2026-05-09 - 1 paid on 2026-05-20 = 2 open"
    assert told.sum.agrees


def test_a_claim_about_money_tells_its_arithmetic_in_words(results: Results) -> None:
    words = "Too much: 30.00 refunded - 25.00 charged = 5.00"
    finding = replace(results.findings[0], rule="refund_excess", summary=words)
    manifest = {**results.manifest, "rules": [{"rule": "refund_excess", "title": "Too much", "plus": [], "minus": []}]}
    told = story_of(replace(results, findings=(finding,), manifest=manifest), finding)
    assert arithmetic(told, ENGLISH) == "30.00 refunded - 25.00 charged = 5.00"


def test_units_taken_back_from_a_receipt_count_the_other_way(
    results: Results, make_finding: Callable[..., Finding], make_source: Callable[..., EvidenceRow]
) -> None:
    finding = make_finding(1, units=4)
    rows = (
        make_source(finding.finding_id, "shipped", 10, date(2026, 1, 1)),
        make_source(finding.finding_id, "received", 8, date(2026, 1, 9)),
        make_source(finding.finding_id, "received", -2, date(2026, 1, 12)),
        make_source(finding.finding_id, "shipment", None, date(2026, 1, 1)),
    )
    told = story_of(replace(results, findings=(finding,), evidence=rows), finding)
    assert "- 8 received on 2026-01-09 + 2 received taken back on 2026-01-12 = 4 open" in arithmetic(told, ENGLISH)
    assert "context (shipment): ledger.txt:17" in "\n".join(line for _, line in story_lines(told, ENGLISH))


def test_a_sum_that_does_not_come_to_the_claim_is_admitted(results: Results) -> None:
    changed = replace(results, findings=(replace(results.findings[0], units=1),))
    assert "The rows alone come to 2, the finding claims 1" in _told(changed, 0)


def test_the_value_is_shown_with_its_basis_or_called_unknown(results: Results) -> None:
    assert "2 x 12.50 EUR = 25.00 EUR (basis: your sourcing cost)" in _told(results, 0)
    assert "Value|unknown (2 units)" in _told(results, 6)


def test_the_window_is_that_of_the_finding_s_market_with_its_source(results: Results) -> None:
    text = _told(results, 0)
    assert "file from 2026-05-01 to 2026-07-03, better by 2026-07-01" in text
    assert "3 days left on 2026-06-30" in text
    assert "policy: 60 days, from the event date, since 2024-10-23" in text
    assert "confidence official: https://example.invalid/policy" in text
    assert "https://example.invalid/us" not in text


def test_a_window_that_is_over_is_not_shown(results: Results) -> None:
    policy = results.manifest["policy"]
    old = {**policy["windows"][1], "effective_to": "2025-12-31", "source": "https://example.invalid/old"}
    manifest = {**results.manifest, "policy": {**policy, "windows": [old, *policy["windows"]]}}
    assert "https://example.invalid/old" not in _told(replace(results, manifest=manifest), 0)


def test_an_expired_finding_and_one_without_a_window_say_so(results: Results) -> None:
    assert "over for 1 day on 2026-06-30" in _told(results, 8)
    assert "documents no last day" in _told(results, 9)


@pytest.mark.parametrize(
    ("confidence", "reasons", "said"),
    [
        ("high", "", "none: the rule's claim text cannot be used"),
        ("review", "assumed_window: nobody knows", "none: a person has to look first"),
    ],
)
def test_a_finding_without_a_draft_says_why(results: Results, confidence: str, reasons: str, said: str) -> None:
    changes: dict[str, Any] = {"finding_id": "f00000000099", "confidence": confidence, "reasons": reasons}
    other = replace(results.findings[0], status="open", **changes)
    assert ("Draft", said) in list(story_lines(story_of(results, other), speech_of("en")))


def test_no_control_character_reaches_the_terminal(results: Results) -> None:
    for place in range(len(results.findings)):
        assert "\x1b" not in _told(results, place)


def test_the_story_as_json_holds_money_as_text_and_rows_with_their_place(results: Results) -> None:
    told: dict[str, Any] = story_json(story_of(results, results.findings[0], "claims/x.md"))
    assert told["finding"]["amount"] == "25.00"
    assert told["finding"]["claim_by"] == "2026-07-03"
    assert told["arithmetic"]["total"] == 2
    assert told["windows"][0]["source"] == "https://example.invalid/policy"
    assert [(row["file"], row["line"]) for row in told["evidence"]][:2] == [("ledger.txt", 17), ("ledger.txt", 18)]
    assert told["draft"] == "claims/x.md"


@pytest.mark.parametrize(
    ("file", "command"),
    [
        ("ledger.txt", "sed -n 17p ledger.txt"),
        ("my files/l$(x).txt", "sed -n 17p 'my files/l$(x).txt'"),
        ("-e.txt", "sed -n 17p ./-e.txt"),
        ("a.txt.gz", "gzip -dc a.txt.gz | sed -n 17p"),
        ("in/a b.ZIP/deep/l.txt", "unzip -p 'in/a b.ZIP' deep/l.txt | sed -n 17p"),
        ("a\x1bb.txt", ""),
    ],
)
def test_the_command_that_shows_a_row_fits_the_file(
    results: Results, make_source: Callable[..., EvidenceRow], file: str, command: str
) -> None:
    assert look_command(make_source("f", "lost", 1, date(2026, 1, 1), file=file), results.manifest) == command


@pytest.mark.parametrize("encoding", ["cp932", "utf-16", "cp1252", "utf-8"])
def test_the_command_really_prints_that_row(
    tmp_path: Path, make_source: Callable[..., EvidenceRow], encoding: str
) -> None:
    word = {"cp932": "マグ", "utf-16": "マグ", "cp1252": "Käse", "utf-8": "Käse"}[encoding]
    (tmp_path / "e x.txt").write_bytes(f"head\nfirst\n{word} 2\nlast\n".encode(encoding))
    row = make_source("f", "lost", 1, date(2026, 1, 1), file="e x.txt", line=3)
    command = look_command(row, {"inputs": [{"file": "e x.txt", "encoding": encoding}]})
    shown = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, check=True).stdout
    assert shown.decode("utf-8") == f"{word} 2\n"


def test_a_product_is_found_among_claims_rejected_candidates_and_balances(results: Results) -> None:
    found = mentions(results, "x000000001")
    assert [finding.finding_id for finding in found.findings] == ["f00000000001"]
    assert [entry.reason for entry in found.not_claimed] == ["found_later"]
    assert [row["family"] for row in found.balance] == ["lost"]
    assert len(mentions(results, "TWIN").findings) == 2


def test_blank_keys_match_nothing(results: Results) -> None:
    assert not mentions(results, "")
    assert not mentions(results, "no such thing")


def test_a_mistyped_id_brings_the_nearest_ones(results: Results) -> None:
    assert "f00000000007" in nearest(results, "f0000000007")
    assert nearest(results, "!!!") == []
