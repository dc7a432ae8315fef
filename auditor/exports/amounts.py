"""Whole numbers and money as printed; the decimal sign is decided once per file, from all its values."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from .layout import Sign

#: Decimals kept, by the type of the column: what is paid, and what is measured or computed.
SCALES = {"money": 4, "number": 8}
_LARGEST = Decimal(10) ** 13

_WHOLE = re.compile(r"([+-]?[0-9]{1,18})(?:\.0+)?")
_SYMBOLS = "$€£¥￥₹"
_BLANKS = re.compile(r"(?<=[0-9])[ \u00a0\u202f\u2009'’](?=[0-9]{3})")
_SCIENTIFIC = re.compile(r"([+-]?[0-9]+)(?:([.,])([0-9]+))?[eE]([+-]?[0-9]{1,2})")
_BARE = re.compile(r"[+-]?[0-9]+")
_ONE_SIGN = re.compile(r"[+-]?([0-9]*)([.,])([0-9]+)")
# One stray value must not turn a whole file round.
_CLEAR_MAJORITY = 10


def whole(text: str) -> int | None:
    """A whole number, signed or not; `-1.0` is one, `12.7` and `1,000` are not."""
    match = _WHOLE.fullmatch(text.replace("\u2212", "-"))
    return int(match[1]) if match else None


@dataclass(frozen=True, slots=True)
class Amounts:
    """What the texts of a file are that are amounts, exactly; `undecided` ones could be thousands or decimals."""

    known: Mapping[str, Decimal]
    unreadable: frozenset[str]
    undecided: frozenset[str]


def read_amounts(texts: Collection[str], expected: Sign | None = None) -> Amounts:
    """Read all distinct amounts of one file with one decimal sign; `expected` is it where no text proves one."""
    tidy = {text: _tidy(text) for text in texts}
    language = _language(tidy.values(), expected)
    known: dict[str, Decimal] = {}
    unreadable: set[str] = set()
    undecided: set[str] = set()
    for text, printed in tidy.items():
        value = _read(printed, language)
        if value is None or abs(value) >= _LARGEST:
            (undecided if value is None and _could_be_either(printed) else unreadable).add(text)
            continue
        known[text] = value
    return Amounts(known, frozenset(unreadable), frozenset(undecided))


def at_scale(value: Decimal, scale: int) -> Decimal:
    """The value with so many decimals, half to even."""
    return value.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_EVEN)


def _tidy(text: str) -> str:
    text = text.strip().replace("\u2212", "-").replace("\u00a0", " ")
    sign = "-" if text.startswith("-") else ""
    text = text.removeprefix("-").strip().strip(_SYMBOLS).strip()
    return _BLANKS.sub("", text if text.startswith(("-", "+")) and not sign else sign + text)


def _proves(text: str) -> Sign | None:
    """The decimal sign that the text alone proves."""
    if match := _SCIENTIFIC.fullmatch(text):
        return _as_sign(match[2])
    if match := _ONE_SIGN.fullmatch(text):
        if len(match[3]) != 3 or len(match[1]) > 3 or match[1] in {"", "0"} or match[1].startswith("0"):
            return _as_sign(match[2])
        return None
    points, commas = text.count("."), text.count(",")
    if points and commas:
        return "." if text.rfind(".") > text.rfind(",") else ","
    if points > 1:
        return ","
    return "." if commas > 1 else None


def _as_sign(text: str | None) -> Sign | None:
    return "," if text == "," else "." if text == "." else None


@dataclass(frozen=True, slots=True)
class _Language:
    """The file's decimal sign; `torn` when its values prove both signs about as often."""

    sign: Sign | None
    torn: bool = False


def _language(texts: Iterable[str], expected: Sign | None) -> _Language:
    proofs = [_proves(text) for text in texts]
    points, commas = proofs.count("."), proofs.count(",")
    if points and commas * _CLEAR_MAJORITY <= points:
        return _Language(".")
    if commas and points * _CLEAR_MAJORITY <= commas:
        return _Language(",")
    torn = bool(points or commas)
    return _Language(None if torn else expected, torn)


def _read(text: str, language: _Language) -> Decimal | None:
    if _BARE.fullmatch(text):
        return Decimal(text)
    chosen = language.sign or _proves(text)
    if chosen is None and not language.torn and "." in text and _ONE_SIGN.fullmatch(text):
        # Amazon's flat files print a decimal point and no thousands sign: 0.011 is eleven thousandths.
        chosen = "."
    if match := _SCIENTIFIC.fullmatch(text):
        return Decimal(text.replace(",", ".")) if match[2] in {None, chosen} else None
    return _plain(text, chosen) if chosen else None


def _plain(text: str, sign: Sign) -> Decimal | None:
    other = "," if sign == "." else "."
    head, mark, tail = text.partition(sign)
    if sign in tail or other in tail or (mark and not tail):
        return None
    digits = head.lstrip("+-")
    if other in digits and not _well_grouped(digits, other):
        return None
    number = head.replace(other, "") + (f".{tail}" if mark else "")
    return Decimal(number) if re.fullmatch(r"[+-]?[0-9]*(?:\.[0-9]+)?", number) and re.search("[0-9]", number) else None


def _well_grouped(digits: str, mark: str) -> bool:
    """Groups of three, or of two before the last one as in India."""
    first, *groups = digits.split(mark)
    inner = {len(g) for g in groups[:-1]}
    return 1 <= len(first) <= 3 and len(groups[-1]) == 3 and (inner <= {3} or inner <= {2})


def _could_be_either(text: str) -> bool:
    return bool(_ONE_SIGN.fullmatch(text))
