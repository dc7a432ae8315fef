"""The replies of a claim's later life: to a denial by its reason, to a question, to silence, to a missing payment.

They are data, rules/replies/*.toml: what Amazon says, what to check first, the answer in each language.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from auditor.claims.template import placeholders, render
from auditor.claims.wording import ENGLISH, ONE_LANGUAGE, Strict, Wording, bad_names, wording_faults
from auditor.model import Problem, WrongUsage

When = Literal["denied", "info_needed", "silent", "approved"]

LETTER = "letter"
#: The reply to a denial whose reason nobody has understood.
NO_REASON = "no_reason"
CERTAIN = frozenset({"case_id", "open", "text"})
FACTS = CERTAIN | {"filed_on", "fnsku", "msku", "reference_id", "event_date", "checked_on"}


class Reply(Strict):
    """One reply. `said` holds pieces of Amazon's answer by which the reason is recognised, in small letters."""

    title: str
    when: When
    check: tuple[str, ...] = Field(min_length=1)
    sources: tuple[str, ...] = Field(min_length=1)
    text: Mapping[str, str]
    said: Mapping[str, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class Replies:
    """The library: replies by name, and the letter that stands around each, by language."""

    by_name: Mapping[str, Reply]
    letter: Mapping[str, Wording]

    def of(self, when: When) -> dict[str, Reply]:
        """The replies of one occasion, by name."""
        return {name: reply for name, reply in self.by_name.items() if reply.when == when}

    def recognised(self, answer: str) -> list[str]:
        """The denials whose words stand in Amazon's answer, in whichever language; several when it is not clear."""
        told = " ".join(answer.casefold().split())
        return [
            name
            for name, reply in self.of("denied").items()
            if any(piece.casefold() in told for pieces in reply.said.values() for piece in pieces)
        ]

    def write(self, name: str, facts: Mapping[str, str], language: str) -> tuple[str, str]:
        """Subject and body of a reply. `facts` hold all of FACTS but `text`, blank where unknown."""
        words = self.letter[language]
        text = render(self.by_name[name].text[language], {}, facts)
        told = {**facts, "text": text}
        return render(words.subject, words.optional, told), render(words.body, words.optional, told)


@cache
def packaged_replies() -> Replies:
    """The library that comes with the tool."""
    return load_replies(files("auditor.rules") / "replies")


def load_replies(folder: Traversable | Path) -> Replies:
    """Read and check the library. Raises WrongUsage with every problem by file and key."""
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".toml"))
    problems: list[Problem] = []
    replies: dict[str, Reply] = {}
    letter: dict[str, Wording] = {}
    for name in names:
        try:
            table = tomllib.loads((folder / name).read_text(encoding="utf-8"))
            if name == f"{LETTER}.toml":
                letter = {language: Wording.model_validate(words) for language, words in table.items()}
            else:
                replies[name.removesuffix(".toml")] = Reply.model_validate(table)
        except tomllib.TOMLDecodeError as error:
            problems.append(_problem(f"this is no TOML: {error}.", name))
        except ValidationError as error:
            where = ((".".join(map(str, fault["loc"])), fault["msg"]) for fault in error.errors())
            problems += [_problem(f"{key}: {message}.", name) for key, message in where]
    if ENGLISH in letter:
        problems += [_problem(what, f"{LETTER}.toml") for what in wording_faults(letter, FACTS, CERTAIN)]
        for name, reply in replies.items():
            problems += [_problem(what, f"{name}.toml") for what in _faults(reply, letter)]
    elif not problems:
        problems.append(_problem("en: is missing.", f"{LETTER}.toml"))
    if problems:
        raise WrongUsage(*problems)
    return Replies(replies, letter)


def _faults(reply: Reply, letter: Mapping[str, Wording]) -> Iterator[str]:
    for language in sorted(reply.text.keys() ^ letter.keys()):
        yield f"text.{language}: {ONE_LANGUAGE}"
    wanted = placeholders(reply.text.get(ENGLISH, ""))
    for language, text in reply.text.items():
        yield from bad_names(f"text.{language}", text, CERTAIN - {"text"})
        for fact in sorted(placeholders(text) ^ wanted):
            yield f"text.{language}: {{{fact}}} {ONE_LANGUAGE}"
    if reply.said and reply.when != "denied":
        yield "said: only a denial is recognised by its words."


def _problem(what: str, name: str) -> Problem:
    return Problem(what, "Mend the reply.", file=f"replies/{name}")
