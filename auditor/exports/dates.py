"""Days as printed. A day is never moved to another time zone; day and month are never guessed.

Forms: ISO, `2026/09/07`, `07.09.2026`, `09/07/2026`, `07-09-2026`, `Sep 7, 2026`, `7 Sep 2026`, `7 avr. 2026`, each
with an optional time and zone after it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from .layout import DateOrder
from .months import month_number

_LETTER = "[A-Za-z\u00c0-\u024f]"
#: Between day, month and year: a plain, a no-break or a narrow no-break space, or a hyphen.
_GAP = "[ \u00a0\u202f-]"
_DAY = (
    r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.](?:[0-9]{4}|[0-9]{2})|"
    rf"{_LETTER}{{3,12}}\.?{_GAP}[0-9]{{1,2}},?{_GAP}[0-9]{{4}}|"
    rf"[0-9]{{1,2}}{_GAP}{_LETTER}{{3,12}}\.?,?{_GAP}(?:[0-9]{{4}}|[0-9]{{2}})"
)
_AFTER = r"(?:Z|[+-][0-9]{2}:?[0-9]{2}|(?:T|,?\s+)(?:[0-9]{1,2}[:.][0-9]{2}.{0,30}|[A-Za-z]{1,5}))?"
#: Day, then time and zone: what stands before them is capture group 1.
TIMED_DAY = f"^({_DAY}){_AFTER}$"

_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_MONTH_NAMED = re.compile(rf"({_LETTER}+)\.?{_GAP}([0-9]{{1,2}}),?{_GAP}([0-9]{{4}})")
_DAY_THEN_NAME = re.compile(rf"([0-9]{{1,2}}){_GAP}({_LETTER}+)\.?,?{_GAP}([0-9]{{4}}|[0-9]{{2}})")
_TIMED = re.compile(TIMED_DAY)
_YEAR_AND_MONTH = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})")
_MONTH_FIRST = re.compile(r"([0-9]{1,2})[-/]([0-9]{4})")
#: A month without a day.
MONTH = f"^(?:{_YEAR_AND_MONTH.pattern}|{_MONTH_FIRST.pattern})$"
# One stray value must not turn a whole column round.
_CLEAR_MAJORITY = 10


@dataclass(frozen=True, slots=True)
class TwoWays:
    """A day whose first two numbers may be month and day or day and month."""

    first: int
    second: int
    year: int
    separator: str

    def read(self, order: DateOrder) -> date | None:
        """The day in one order, or None when there is no such day."""
        month, day = (self.first, self.second) if order == "mdy" else (self.second, self.first)
        return _day(self.year, month, day)

    @property
    def proves(self) -> DateOrder | None:
        """The only order in which it is a day, if there is just one."""
        month_first, day_first = self.read("mdy"), self.read("dmy")
        if (month_first is None) == (day_first is None):
            return None
        return "dmy" if month_first is None else "mdy"


def parse(text: str) -> date | TwoWays | None:
    """A day, a day that can be read two ways, or None for no day at all."""
    if match := _YEAR_FIRST.fullmatch(text):
        return _day(int(match[1]), int(match[3]), int(match[4]))
    if match := _YEAR_LAST.fullmatch(text):
        return TwoWays(int(match[1]), int(match[3]), _year(match[4]), match[2])
    if match := _MONTH_NAMED.fullmatch(text):
        return _day(int(match[3]), month_number(match[1]), int(match[2]))
    if match := _DAY_THEN_NAME.fullmatch(text):
        return _day(_year(match[3]), month_number(match[2]), int(match[1]))
    return None


def first_of_month(text: str) -> date | None:
    """The first day of a month printed as `2026-05` or `05/2026`; None for any other text."""
    if match := _MONTH_FIRST.fullmatch(text):
        return _day(int(match[2]), int(match[1]), 1)
    match = _YEAR_AND_MONTH.fullmatch(text)
    return _day(int(match[1]), int(match[2]), 1) if match else None


def printed_day(text: str) -> str:
    """The day's part of a timestamp; the text itself when it is none."""
    match = _TIMED.fullmatch(text)
    return match[1] if match else text


@dataclass(frozen=True, slots=True)
class Days:
    """What the texts of one column are: days, and texts that are none; `undecided` ones could be two days."""

    known: Mapping[str, date]
    unreadable: frozenset[str]
    undecided: frozenset[str]


def read_days(
    columns: Mapping[str, Collection[str]],
    default: DateOrder | None,
    asked: DateOrder | None,
    witness: Callable[[], DateOrder | None] = lambda: None,
) -> dict[str, Days]:
    """Read every date column of a file from its distinct texts.

    The order of day and month comes from the column's own values, else from the other date columns of the file, else
    from `witness`, `asked` and `default`, in this order. With a default the witness is heard before contrary values.
    """
    parsed = {name: {text: parse(text) for text in texts} for name, texts in columns.items()}
    decide = _Decision(parsed, default, asked, witness)
    return {name: _settle(values, decide, name) for name, values in parsed.items()}


def order_shown_by(pairs: Iterable[tuple[str, str]]) -> DateOrder | None:
    """The order in which the first texts agree with the second ones, which can be read one way only."""
    votes: list[DateOrder] = []
    for text, other in pairs:
        value, known = parse(printed_day(text)), parse(printed_day(other))
        if isinstance(value, TwoWays) and isinstance(known, date) and value.first != value.second:
            votes += [order for order in _ORDERS if value.read(order) == known]
    return _majority(votes)


_ORDERS: tuple[DateOrder, DateOrder] = ("mdy", "dmy")


class _Decision:
    """Which order each column and separator is in, decided once."""

    def __init__(
        self,
        parsed: Mapping[str, Mapping[str, date | TwoWays | None]],
        default: DateOrder | None,
        asked: DateOrder | None,
        witness: Callable[[], DateOrder | None],
    ) -> None:
        self._proofs = {
            name: [(v.separator, v.proves) for v in values.values() if isinstance(v, TwoWays)]
            for name, values in parsed.items()
        }
        self._default, self._asked, self._witness = default, asked, witness
        self._decided: dict[tuple[str, str], DateOrder | None] = {}

    def order(self, column: str, separator: str) -> DateOrder | None:
        """The order in force, or None when nothing decides."""
        key = (column, separator)
        if key not in self._decided:
            self._decided[key] = self._decide(column, separator)
        return self._decided[key]

    def _decide(self, column: str, separator: str) -> DateOrder | None:
        default = self._default if separator == "/" else "dmy"
        own = self._votes([column], separator)
        if own and set(own) == {default}:
            return default
        if default is not None and separator == "/" and (seen := self._witness()):
            return seen
        if own:
            return _majority(own) or self._asked or default
        others = self._votes([name for name in self._proofs if name != column], separator)
        return _majority(others) or self._witness() or self._asked or default

    def _votes(self, columns: Iterable[str], separator: str) -> list[DateOrder]:
        return [order for name in columns for sep, order in self._proofs[name] if sep == separator and order]


def _majority(votes: list[DateOrder]) -> DateOrder | None:
    for order in _ORDERS:
        mine = votes.count(order)
        if mine and (len(votes) - mine) * _CLEAR_MAJORITY <= mine:
            return order
    return None


def _settle(values: Mapping[str, date | TwoWays | None], decide: _Decision, column: str) -> Days:
    known: dict[str, date] = {}
    unreadable, undecided = set(), set()
    for text, value in values.items():
        day = value if isinstance(value, date) else _settled(value, decide, column)
        if day is not None:
            known[text] = day
        elif isinstance(value, TwoWays) and decide.order(column, value.separator) is None and value.read("mdy"):
            undecided.add(text)
        else:
            unreadable.add(text)
    return Days(known, frozenset(unreadable), frozenset(undecided))


def _settled(value: TwoWays | None, decide: _Decision, column: str) -> date | None:
    if value is None:
        return None
    order = decide.order(column, value.separator)
    if order is None:
        order = value.proves or ("mdy" if value.first == value.second else None)
    return value.read(order) if order else None


def _day(year: int, month: int, day: int) -> date | None:
    if not 1995 <= year <= 2100:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)
