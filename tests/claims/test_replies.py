"""The reply library: what is sent after a claim, in every language, and how a denial's reason is recognised."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from auditor.claims.replies import FACTS, NO_REASON, Replies, load_replies, packaged_replies
from auditor.model import WrongUsage

LANGUAGES = ("en", "de", "fr", "it", "es", "ja")
NAMES = tuple(packaged_replies().by_name)
KNOWN = {
    "case_id": "12345678901",
    "open": "3",
    "filed_on": "2026-05-04",
    "fnsku": "X001ABC2DE",
    "msku": "PAN-1",
    "reference_id": "20076865361276",
    "event_date": "2026-04-01",
    "checked_on": "2026-06-30",
}
every_reply = pytest.mark.parametrize("name", NAMES)


@pytest.fixture
def library() -> Replies:
    """The library that comes with the tool."""
    return packaged_replies()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A copy of the library to break."""
    with as_file(files("auditor.rules") / "replies") as packaged:
        yield Path(shutil.copytree(packaged, tmp_path / "replies"))


@every_reply
def test_a_reply_reads_like_this(name: str, library: Replies, snapshot: SnapshotAssertion) -> None:
    assert {language: library.write(name, KNOWN, language) for language in LANGUAGES} == snapshot


@every_reply
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_fact_leaves_no_hole(name: str, language: str, library: Replies) -> None:
    bare = dict.fromkeys(KNOWN, "") | {"case_id": "123", "open": "1"}
    subject, body = library.write(name, bare, language)
    after_greeting = body.split("\n", 1)[1]
    assert not re.search(r"[{}]|: *$", f"{subject}\n{after_greeting}", re.MULTILINE)
    assert "\n\n\n" not in body
    assert KNOWN.keys() == FACTS - {"text"}


@every_reply
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reply_names_its_case_and_is_short_enough_to_read(name: str, language: str, library: Replies) -> None:
    subject, body = library.write(name, KNOWN, language)
    assert KNOWN["case_id"] in subject
    assert KNOWN["open"] in body
    assert (100 if language == "ja" else 250) < len(body) < 1000


@every_reply
@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_no_english_is_left_in_another_language(name: str, language: str, library: Replies) -> None:
    text = re.sub(r"\{[a-z_]+\}", " ", library.by_name[name].text[language]).lower()
    english = {"the", "and", "of", "for", "is", "to", "ledger", "unit", "units", "please", "claim", "hello", "found"}
    assert not english & set(re.findall(r"\w+", text))


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        ("We investigated and the units were found in FTW1 on May 3.", ["found"]),
        ("Die Einheiten wurden bereits erstattet.", ["already_paid"]),
        ("Votre demande a été déposée hors délai.", ["too_late"]),
        ("Este caso está duplicado.", ["duplicate"]),
        ("該当商品はすでに補填しております。", ["already_paid"]),
        ("The units were found and have already been reimbursed.", ["already_paid", "found"]),
        ("We have reviewed your case and our decision stands.", []),
        ("", []),
    ],
)
def test_a_denial_is_recognised_by_its_words_and_never_guessed(answer: str, names: list[str], library: Replies) -> None:
    assert library.recognised(answer) == names


def test_there_is_a_reply_for_every_occasion(library: Replies) -> None:
    assert len(library.of("denied")) > 8
    assert NO_REASON in library.of("denied")
    assert all(len(library.of(when)) == 1 for when in ("silent", "info_needed", "approved"))


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("found.toml", 'ja = "該当', 'nl = "該当', "text.nl: stands in one language only"),
        ("found.toml", "Menge von {open}", "Menge", "text.de: {open} stands in one language only"),
        ("found.toml", "the {open} units", "the {many} units", "text.en: unknown placeholder {many}"),
        ("found.toml", 'when = "denied"', 'when = "sometimes"', "when: "),
        ("found.toml", "check = [", "checks = [", "checks: Extra inputs"),
        ("found.toml", "[text]", "[text", "this is no TOML"),
        ("silence.toml", "[text]", '[said]\nen = ["no"]\n\n[text]', "said: only a denial"),
        ("letter.toml", '[fr.optional]\nabout = ", FNSKU {fnsku}"', "[fr.optional]", "fr.optional.about"),
        ("letter.toml", "Guten Tag,", "Guten Tag, {name},", "de.body: unknown placeholder {name}"),
    ],
)
def test_a_broken_reply_is_named_by_file_and_key(folder: Path, file: str, old: str, new: str, told: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(WrongUsage) as error:
        load_replies(folder)
    assert any(problem.file == f"replies/{file}" and told in problem.what for problem in error.value.problems)


def test_the_page_names_every_reason_of_a_denial(library: Replies) -> None:
    page = (Path(__file__).parents[2] / "docs" / "claims.md").read_text(encoding="utf-8")
    assert [name for name in library.of("denied") if f"`{name}`" not in page] == []
