"""The small template language of claim texts: {placeholders}, and sentences that vanish when a fact is unknown.

A sentence of the optional table appears only when every fact in it is known and not 0; the line that it would have
filled alone goes with it. Values are never read as templates, so braces in a product's SKU stay braces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_BLANK_LINES = re.compile(r"\n{3,}")
_UNKNOWN = ("", "0")


def placeholders(text: str) -> frozenset[str]:
    """The names in braces that `text` asks for."""
    return frozenset(_PLACEHOLDER.findall(text))


def has_stray_brace(text: str) -> bool:
    """Whether a brace stands in `text` that belongs to no placeholder."""
    return not {"{", "}"}.isdisjoint(_PLACEHOLDER.sub("", text))


def all_known(text: str, facts: Mapping[str, str]) -> bool:
    """Whether every fact that `text` asks for is known and not 0."""
    return all(facts[name] not in _UNKNOWN for name in placeholders(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values in, once: what a value itself contains is left as it is."""
    return _PLACEHOLDER.sub(lambda match: values[match[1]], text)


def render(text: str, optional: Mapping[str, str], facts: Mapping[str, str]) -> str:
    """Fill `text` with facts and with those optional sentences whose facts are all known; no hole stays behind."""
    sentences = {name: fill(words, facts) if all_known(words, facts) else "" for name, words in optional.items()}
    values = {**facts, **sentences}
    lines = [(line, fill(line, values).rstrip()) for line in text.splitlines()]
    kept = "\n".join(filled for line, filled in lines if filled or not line.strip())
    return _BLANK_LINES.sub("\n\n", kept).strip()


def one_line(text: str) -> str:
    """A value on one line, without characters that cannot be seen: they could move or hide what stands around it."""
    seen = "".join(" " if _breaks(char) else char for char in text if unicodedata.category(char) not in ("Cf", "Cs"))
    return " ".join(seen.split())


def _breaks(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Zl", "Zp")
