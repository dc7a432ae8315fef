"""What the terminal says, in English or German: messages of the catalogue, and the words for codes.

Days stay ISO and money stays plain here: they sort, and they are what the files hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, cached_property
from typing import TYPE_CHECKING

from auditor.model import Finding
from auditor.publish.cells import money_text
from auditor.publish.language import ENGLISH, REPORTS, TERMINAL, TERMINAL_LANGUAGES, Language, load_language

if TYPE_CHECKING:
    from auditor.publish.page_pen import Pen


def marked(message: str) -> str:
    """The message itself: it is collected into the catalogue here and said elsewhere."""
    return message


STATES: Mapping[str, str] = {
    "open": marked("open"),
    "waiting": marked("waiting"),
    "expired": marked("expired"),
    "filed": marked("filed"),
    "in_progress": marked("in progress"),
    "info_needed": marked("info needed"),
    "approved": marked("approved"),
    "paid": marked("paid"),
    "denied": marked("denied"),
    "appealed": marked("appealed"),
    "withdrawn": marked("withdrawn"),
}


@dataclass(frozen=True)
class Speech:
    """The terminal in one language; what its catalogue does not know is said in English."""

    language: Language

    def say(self, message: str, /, **values: object) -> str:
        """A message with its places filled."""
        return self.language.messages.pgettext(TERMINAL, message).format(**values)

    def counted(self, number: int, one: str, many: str, /, **values: object) -> str:
        """A message about so many; its place {n} holds the number with thousands separated."""
        told = self.language.messages.npgettext(TERMINAL, one, many, abs(number))
        return told.format(n=f"{number:,}", **values)

    def units(self, units: int) -> str:
        """The count with its word: "1 unit", "5 units"."""
        return self.counted(units, "{n} unit", "{n} units")

    def money(self, amount: Decimal | None, currency: str) -> str:
        """An amount with its currency's digits and its code, "1,012.50 EUR", or that it is unknown."""
        return self.say("unknown") if amount is None else money_text(amount, currency)

    def told(self, text: str) -> str:
        """What a rule says."""
        return self.language.told(text)

    def why(self, text: str) -> str:
        """Why a row or a file could not be read."""
        return self.language.why(text)

    def summary(self, finding: Finding) -> str:
        """What the finding is about, in one sentence."""
        return finding.summary if self._is_english else self._pen.summary_of(finding)

    def rule(self, title: str) -> str:
        """The title of a rule."""
        return self.language.named(title)

    def rule_in_column(self, title: str) -> str:
        """The title of a rule with what sets it apart at its beginning: a narrow column cuts the end."""
        told = self.language.messages.pgettext(TERMINAL, title)
        return self.rule(title) if told == title else told

    def reports(self, titles: str) -> str:
        """The titles of reports of which one will do."""
        return self.say(" or ").join(self.language.named(title, REPORTS) for title in titles.split(" or "))

    def state(self, code: str) -> str:
        """The word for the state of a finding."""
        return self.say(STATES[code]) if code in STATES else _plain(code)

    def role(self, code: str) -> str:
        """What a row does in a sum."""
        return self._word("ROLES", code)

    def anchor(self, code: str) -> str:
        """What a claim window counts from."""
        return self._word("ANCHORS", code)

    def certainty(self, code: str) -> str:
        """How sure a claim window is."""
        return self._word("CERTAINTIES", code)

    def reason(self, code: str) -> str:
        """Why a candidate is not claimed; in English the code, as it stands in not_claimed.csv."""
        return self.language.named(code)

    @property
    def _is_english(self) -> bool:
        return self.language.code == ENGLISH

    @cached_property
    def _pen(self) -> Pen:
        from auditor.publish.page_pen import pen_in  # its templates take a while, and English needs none

        return pen_in(self.language)

    def _word(self, words: str, code: str) -> str:
        return _plain(code) if self._is_english else self._pen.word(words, code) or _plain(code)


def _plain(code: str) -> str:
    return code.replace("_", " ")


@cache
def speech_of(code: str) -> Speech:
    """The terminal in a language; in English when only the page is there in it."""
    return Speech(replace(load_language(code if code in TERMINAL_LANGUAGES else ENGLISH), plain=True))
