"""Words in several languages: a subject, a body, and sentences that appear only when what they say is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from pydantic import BaseModel, ConfigDict

from auditor.claims.template import has_stray_brace, placeholders

ENGLISH = "en"
ONE_LANGUAGE = "stands in one language only; every language must state the facts that English states."


class Strict(BaseModel):
    """A table of a text file: unknown keys and empty strings are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_min_length=1)


class Wording(Strict):
    """A letter in one language; `optional` holds sentences that appear only when every fact in them is known."""

    subject: str
    body: str
    optional: Mapping[str, str] = {}


def wording_faults(languages: Mapping[str, Wording], facts: Set[str], certain: Set[str]) -> Iterator[str]:
    """What is wrong with the words of a text by key: unknown placeholders, facts that may be missing, other facts.

    `certain` are the facts that are always known; every other one belongs into an optional sentence.
    """
    for language, words in languages.items():
        for key, text in _sentences(words):
            yield from bad_names(f"{language}.{key}", text, facts | words.optional.keys() if "." not in key else facts)
        for key in ("subject", "body"):
            for fact in sorted(placeholders(getattr(words, key)) & facts - certain - words.optional.keys()):
                yield f"{language}.{key}: {{{fact}}} may be unknown; use it in a sentence of {language}.optional."
        used = placeholders(words.subject) | placeholders(words.body)
        for name in sorted(words.optional.keys() - used):
            yield f"{language}.optional.{name}: neither the subject nor the body uses this sentence."
        yield from _differences(language, words, languages[ENGLISH])


def bad_names(key: str, text: str, known: Set[str]) -> Iterator[str]:
    """Placeholders of `text` that are not known, and braces that belong to none."""
    for unknown in sorted(placeholders(text) - known):
        yield f"{key}: unknown placeholder {{{unknown}}}."
    if has_stray_brace(text):
        yield f"{key}: a brace that belongs to no placeholder."


def _sentences(words: Wording) -> Iterator[tuple[str, str]]:
    yield "subject", words.subject
    yield "body", words.body
    for name, text in words.optional.items():
        yield f"optional.{name}", text


def _differences(language: str, words: Wording, in_english: Wording) -> Iterator[str]:
    """What this language states otherwise than English does."""
    english, mine = dict(_sentences(in_english)), dict(_sentences(words))
    for key in sorted(english.keys() ^ mine.keys()):
        yield f"{language}.{key}: {ONE_LANGUAGE}"
    for key in sorted(english.keys() & mine.keys()):
        for fact in sorted(placeholders(english[key]) ^ placeholders(mine[key])):
            yield f"{language}.{key}: {{{fact}}} {ONE_LANGUAGE}"
