"""Header names as Amazon varies them: one name, many spellings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

_SEPARATORS = re.compile(r"[-_\s]+")
# The same few names are asked for with every file.
_REMEMBERED = 10_000
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘`´ʼ", "'"))


def bare(name: str) -> str:
    """The name as printed, without byte order mark, outer spaces and one pair of outer quotes."""
    name = name.strip().lstrip("\ufeff").strip()
    if len(name) >= 2 and name[0] == name[-1] == '"':
        name = name[1:-1].replace('""', '"').strip()
    return name


@lru_cache(maxsize=_REMEMBERED)
def normal(name: str) -> str:
    """The name with case, accents, separators and a last colon folded: `Event-Type:` and `event_type` are one."""
    text = unicodedata.normalize("NFKD", bare(name).translate(_APOSTROPHES))
    text = "".join(c for c in text if not unicodedata.combining(c))
    return _SEPARATORS.sub(" ", text.casefold()).rstrip(": ").strip()


@lru_cache(maxsize=_REMEMBERED)
def squeezed(name: str) -> str:
    """The normal name without any separator, as the SP-API pages write it (`EventType`)."""
    return normal(name).replace(" ", "")


class Header:
    """A header row, ready to be asked where a column is."""

    def __init__(self, cells: Sequence[str]) -> None:
        self.cells = tuple(bare(c) for c in cells)
        self._exact = _first_places(self.cells)
        self._normal = _first_places(normal(c) for c in self.cells)
        self._squeezed = _first_places(squeezed(c) for c in self.cells)

    def place(self, names: Iterable[str]) -> int | None:
        """Index of the first column that bears one of the names: exact spelling first, looser ones after."""
        wanted = tuple(names)
        for table, fold in ((self._exact, bare), (self._normal, normal), (self._squeezed, squeezed)):
            for name in wanted:
                place = table.get(fold(name))
                if place is not None:
                    return place
        return None

    def places(self, names: Iterable[str]) -> frozenset[int]:
        """Indexes of all columns that bear one of the names in any spelling."""
        wanted = {squeezed(n) for n in names}
        return frozenset(i for i, cell in enumerate(self.cells) if squeezed(cell) in wanted)

    @property
    def named(self) -> int:
        """Count of columns up to the last one with a name: a trailing delimiter adds nameless ones."""
        return max((i + 1 for i, cell in enumerate(self.cells) if cell), default=0)


def _first_places(names: Iterable[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for i, name in enumerate(names):
        if name:
            places.setdefault(name, i)
    return places
