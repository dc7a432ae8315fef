"""Names of months as Amazon prints them: in the languages of its stores, whole or cut short, with or without accents.

Source of the names: https://cldr.unicode.org/ (calendars in English, Spanish, French, Italian, German, Dutch, Swedish
and Polish).
"""

from __future__ import annotations

from functools import lru_cache

from .names import normal

_NAMES: tuple[tuple[str, ...], ...] = (
    ("january", "enero", "janvier", "gennaio", "januar", "januari", "stycznia", "styczeń"),
    ("february", "febrero", "février", "febbraio", "februar", "februari", "lutego", "luty"),
    ("march", "marzo", "mars", "märz", "mrz", "maart", "mrt", "marca", "marzec"),
    ("april", "abril", "avril", "aprile", "kwietnia", "kwiecień"),
    ("may", "mayo", "mai", "maggio", "mei", "maj", "maja"),
    ("june", "junio", "juin", "giugno", "juni", "czerwca", "czerwiec"),
    ("july", "julio", "juillet", "luglio", "juli", "lipca", "lipiec"),
    ("august", "agosto", "août", "augustus", "augusti", "sierpnia", "sierpień"),
    ("september", "septiembre", "septembre", "settembre", "września", "wrzesień"),
    ("october", "octubre", "octobre", "ottobre", "oktober", "października", "październik"),
    ("november", "noviembre", "novembre", "listopada", "listopad"),
    ("december", "diciembre", "décembre", "dicembre", "dezember", "grudnia", "grudzień"),
)
_SHORTEST = 3
_FOLDED = {number: tuple(map(normal, names)) for number, names in enumerate(_NAMES, start=1)}


@lru_cache(maxsize=256)
def month_number(name: str) -> int:
    """The number of the month that a name, or its first three letters or more, stands for; 0 when none or several."""
    word = normal(name)
    if len(word) < _SHORTEST:
        return 0
    found = {number for number, names in _FOLDED.items() if any(each.startswith(word) for each in names)}
    return found.pop() if len(found) == 1 else 0
