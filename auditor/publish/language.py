"""The languages of page and terminal: gettext catalogues in reports/languages/, numbers and dates by Babel.

The sentences of rules are written by SQL and Python in English. A catalogue keeps each as a template with numbered
places ("{0} of {1} refunded units came back"); a sentence is told in another language by the template it fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

ENGLISH = "en"
#: The context of what rules say: titles, reasons, explanations; a message of the page itself has none.
RULES = "rules"
#: The context of the names of Amazon's reports.
REPORTS = "reports"
#: The context of why a row, a cell or a file could not be read.
READING = "reading"
#: The context of what only the terminal says, and the languages that it speaks; the page speaks all of `LANGUAGES`.
TERMINAL = "terminal"
TERMINAL_LANGUAGES = (ENGLISH, "de")

_PLACE = re.compile(r"\{\d+\}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DECIMAL = re.compile(r"(?<![\w.])-?\d+\.\d+(?![\w.])")
_IN_BRACKETS = re.compile(r"(.*)\((.+)\)")
_AND = " and "
_DIGITS = re.compile(r"\d+")
_END_OF_SENTENCE = "; "
#: How a piece begins that is added to the end of a sentence.
_TAIL = ","
#: A template with fewer letters of its own ("{0} to {1}") would fit almost any sentence; it serves inside others.
LEAST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Shape:
    """How one language writes a day and a month, as patterns of Babel; none can be taken for another day."""

    name: str
    day: str
    month: str
    month_and_year: str


LANGUAGES: Mapping[str, Shape] = {
    "en": Shape("English", "d MMM y", "MMM", "MMM y"),
    "de": Shape("Deutsch", "d. MMM y", "MMM", "MMM y"),
    "fr": Shape("français", "d MMM y", "MMM", "MMM y"),
    "it": Shape("italiano", "d MMM y", "MMM", "MMM y"),
    "es": Shape("español", "d MMM y", "MMM", "MMM y"),
    "ja": Shape("日本語", "y年M月d日", "M月", "y年M月"),
}


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with places: the pattern of its English, its translation, and how many letters are its own."""

    pattern: re.Pattern[str]
    local: str
    letters: int


@dataclass(frozen=True)
class Language:
    """One language: its code, its messages, and the sentences of rules by their templates.

    `plain` leaves the days and amounts in a sentence as the rules wrote them.
    """

    code: str
    messages: NullTranslations
    _templates: tuple[Template, ...] = ()
    _tails: tuple[Template, ...] = ()
    _known: dict[tuple[str, int], Template | None] = field(default_factory=dict)
    plain: bool = False
    _reading: tuple[Template, ...] = ()

    @property
    def shape(self) -> Shape:
        """How it writes days and months."""
        return LANGUAGES[self.code]

    def named(self, text: str, context: str = RULES) -> str:
        """A name or code that the catalogue knows by itself; the English when it does not."""
        return self.messages.pgettext(context, text)

    def told(self, text: str) -> str:
        """What a rule says, sentence by sentence; one that the catalogue does not know stays as it is."""
        if self.code == ENGLISH or not text:
            return text
        return self.sentences(self._sentence(part) for part in text.split(_END_OF_SENTENCE))

    def sentences(self, sentences: Iterable[str]) -> str:
        """Sentences of a rule after each other."""
        return self.messages.gettext("; ").join(sentences)

    def phrase(self, text: str) -> str:
        """A few words that are no sentence, such as a period."""
        return text if self.code == ENGLISH else self._sentence(text, 0)

    def why(self, text: str) -> str:
        """Why a row or a file could not be read; a cell that is quoted stays as it is printed."""
        exact = self.named(text, READING)
        if exact != text or self.code == ENGLISH:
            return exact
        for template in self._reading:
            if found := template.pattern.fullmatch(text):
                values = [self._cell(found, place) for place in range(1, len(found.groups()) + 1)]
                return _put(values, template.local)
        return text

    def _cell(self, found: re.Match[str], place: int) -> str:
        return found[place] if found.string[found.start(place) - 1] == "'" else self.why(found[place])

    def _sentence(self, text: str, least: int = LEAST_WORDS) -> str:
        """One sentence by the template that leaves least of it to its places, an added end taken by itself."""
        exact = self.named(text)
        if exact != text:
            return exact
        template = self._fitting(text, least)
        for tail in self._tails:
            if found := tail.pattern.search(text):
                head = text[: found.start()]
                fits = self._fitting(head, least)
                if fits and (template is None or fits.letters + tail.letters > template.letters):
                    return self._sentence(head, least) + self._filled(tail, found)
        whole = template.pattern.fullmatch(text) if template else None
        return self._filled(template, whole) if template and whole else text

    def _fitting(self, text: str, least: int) -> Template | None:
        key = (_DIGITS.sub("0", text), least)
        if key not in self._known:
            fits = (each for each in self._templates if each.letters >= least and each.pattern.fullmatch(text))
            self._known[key] = next(fits, None)
        return self._known[key]

    def _filled(self, template: Template, found: re.Match[str]) -> str:
        return _put([self._value(value) for value in found.groups()], template.local)

    def _value(self, text: str) -> str:
        """What stands in a place: the name of a report or rule, a day, an amount, a sentence of its own."""
        for told in (self.named(text, REPORTS), self._sentence(text, 0)):
            if told != text:
                return told
        if title := _IN_BRACKETS.fullmatch(text):
            return f"{title[1]}({self._value(title[2])})"
        parts = [self._sentence(part, 0) for part in text.split(_AND)]
        if not self.plain:
            parts = [_DATE.sub(self._day, _DECIMAL.sub(self._amount, part)) for part in parts]
        return self.messages.gettext(", ").join(parts)

    def _day(self, found: re.Match[str]) -> str:
        return write_day(date.fromisoformat(found[0]), self)

    def _amount(self, found: re.Match[str]) -> str:
        value = Decimal(found[0])
        digits = -int(value.as_tuple().exponent)
        return str(format_decimal(value, "#,##0." + "0" * digits, locale=self.code))


def write_day(value: date, language: Language) -> str:
    """A day as the language writes it."""
    from babel.dates import format_date

    return format_date(value, language.shape.day, locale=language.code)


@cache
def load_language(code: str) -> Language:
    """The language with its catalogue.

    Raises KeyError for a language that there is no catalogue for: a choice is checked where it is made.
    """
    if code == ENGLISH:
        return Language(code, NullTranslations())
    LANGUAGES[code]
    catalog = read_catalog(code)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Language(code, GNUTranslations(compiled), *_templates(catalog), _reading=_of_context(catalog, READING))


def read_catalog(code: str) -> Catalog:
    """The messages of one language as they stand in its file."""
    text = files("auditor.reports").joinpath("languages", f"{code}.po").read_bytes()
    return read_po(BytesIO(text), locale=code)


def _templates(catalog: Catalog) -> tuple[tuple[Template, ...], tuple[Template, ...]]:
    """What rules say with places: whole sentences, and the ends of longer ones."""
    found = _with_places(catalog, RULES)
    whole = tuple(_template(english, local) for english, local in found if english[0] not in _TAIL)
    tails = tuple(_template(english, local, "$") for english, local in found if english[0] in _TAIL)
    return whole, tails


def _of_context(catalog: Catalog, context: str) -> tuple[Template, ...]:
    return tuple(_template(english, local) for english, local in _with_places(catalog, context))


def _with_places(catalog: Catalog, context: str) -> list[tuple[str, str]]:
    """The messages of a context that have places, with their translations, those with most letters first."""
    found = [
        (str(message.id), str(message.string))
        for message in catalog
        if message.context == context and message.string and _PLACE.search(str(message.id))
    ]
    return sorted(found, key=lambda pair: (-_letters(pair[0]), pair[0]))


def _template(english: str, local: str, end: str = "") -> Template:
    parts = [re.escape(part) for part in _PLACE.split(english)]
    place = "([^,]+?)" if end else "(.+?)"
    return Template(re.compile(place.join(parts) + end, re.DOTALL), local, _letters(english))


def _put(values: Sequence[str], local: str) -> str:
    """The values in their numbered places."""
    return _PLACE.sub(lambda slot: values[int(slot[0][1:-1])], local)


def _letters(english: str) -> int:
    return sum(map(str.isalpha, _PLACE.sub("", english)))
