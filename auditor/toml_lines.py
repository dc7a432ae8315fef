"""Where each key of a TOML file stands: tomllib gives values without lines, and a fault needs its line."""

from __future__ import annotations

import re
from collections import Counter

#: The names that lead to a table or a key, with the number of the table where there are several.
Place = tuple[str | int, ...]

_WORD = r"""[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*'"""
_NAME = rf"(?:{_WORD})(?:\s*\.\s*(?:{_WORD}))*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_NAME})\s*\]")
_KEY = re.compile(rf"\s*({_NAME})\s*=(.*)")


class TomlLines:
    """The lines of tables and keys, by path: ("account", 0, "language") is a key of the first [[account]]."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Place, int] = {}
        self._arrays: Counter[Place] = Counter()
        table: Place = ()
        quote = ""
        for number, line in enumerate(text.splitlines(), 1):
            if quote:  # inside a text of several lines nothing is a key
                quote = "" if quote in line else quote
            elif header := _HEADER.match(line):
                table = self._table(_names(header[2]), array=header[1] == "[[")
                self._lines.setdefault(table, number)
            elif key := _KEY.match(line):
                self._lines.setdefault((*table, *_names(key[1])), number)
                quote = next((q for q in ('"""', "'''") if key[2].count(q) == 1), "")

    def line(self, *path: str | int) -> int:
        """The line of a key; of the table around it when the key has no line of its own."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def _table(self, names: Place, *, array: bool) -> Place:
        if array:
            self._arrays[names] += 1
            return (*names, self._arrays[names] - 1)
        first = names[:1]
        # [account.contact] belongs to the [[account]] before it.
        return (*first, self._arrays[first] - 1, *names[1:]) if self._arrays[first] else names


def _names(dotted: str) -> Place:
    return tuple(word.strip("\"'") for word in re.findall(_WORD, dotted))
