"""Small faults planted in a query, one at a time: each is a mutant that some case of a rule should notice.

The query is cut into tokens with sqlglot, and only the characters of the mutated spot change, so a mutant differs from
the file in nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlglot.dialects.duckdb import DuckDB
from sqlglot.tokenizer_core import Token, TokenType

FLIPS = {
    "<": ("<=", ">"), "<=": ("<", ">"), ">": (">=", "<"), ">=": (">", "<"), "=": ("<>",), "<>": ("=",),
    "like": ("not like",), "ilike": ("not ilike",),
    "min": ("max",), "max": ("min",), "least": ("greatest",), "greatest": ("least",),
    "arg_min": ("arg_max",), "arg_max": ("arg_min",), "bool_or": ("bool_and",), "bool_and": ("bool_or",),
}  # fmt: skip
CALLED = {name for name in FLIPS if name.isidentifier()} - {"like", "ilike"}
OPENS = {"(": ")", "[": "]", "{": "}", "case": "end"}
BEGINS_CONDITION = {"where", "on", "when", "having", "qualify", "if"}
PARTS_EXPRESSIONS = BEGINS_CONDITION | {
    "then", "else", "select", ",", "as", "from", "join", "left", "full", "group by", "order by", "partition by",
    "union", "window", "rows", "by", "with", "over", "filter",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: the `line` of the file where it is, the `code` of that line, what changed, and the whole new query."""

    file: str
    line: int
    code: str
    change: str
    query: str

    @property
    def name(self) -> tuple[str, str, str]:
        """What stays the same when lines move."""
        return self.file, self.code, self.change


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters `start` to `end` of the query become `text`; the fault itself is at `spot`."""

    start: int
    end: int
    text: str
    change: str
    spot: int


def mutants_of(file: str, text: str) -> list[Mutant]:
    """Every mutant of a query file: its leading comment stays as it is."""
    begin = text.index("*/") + 2
    begin += len(text[begin:]) - len(text[begin:].lstrip())
    query = text[begin:]
    found: list[Mutant] = []
    repeated: Counter[tuple[str, str]] = Counter()
    for edit in sorted(set(_Query(query).edits()), key=lambda e: (e.spot, e.start, e.end, e.change)):
        line = text[: begin + edit.spot].count("\n") + 1
        code = text.split("\n")[line - 1].strip()
        repeated[code, edit.change] += 1
        again = f" ({repeated[code, edit.change]})" if repeated[code, edit.change] > 1 else ""
        mutated = query[: edit.start] + edit.text + query[edit.end :]
        found.append(Mutant(file, line, code, edit.change + again, mutated))
    return found


class _Query:
    """The tokens of a query, each with the bracket (or CASE) that holds it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: Sequence[Token] = DuckDB().tokenize(text)
        self.words = [
            "'" if t.token_type == TokenType.STRING else self._source(i, i).lower() for i, t in enumerate(self.tokens)
        ]
        self.holder: list[int] = []
        self.closing: dict[int, int] = {}
        opened = [-1]
        for index, word in enumerate(self.words):
            if len(opened) > 1 and word == OPENS[self.words[opened[-1]]]:
                self.closing[opened.pop()] = index
            self.holder.append(opened[-1])
            if word in OPENS:
                opened.append(index)
        self.closing[-1] = len(self.tokens)

    def edits(self) -> Iterator[Edit]:
        """Every single fault."""
        for index, word in enumerate(self.words):
            yield from self._at(index, word)
        for holder in self.closing:
            level = [i for i in range(holder + 1, self.closing[holder]) if self.holder[i] == holder]
            yield from self._conditions(holder, level)
            yield from self._branches(holder, level)
            yield from self._otherwise(holder, level)

    def _at(self, i: int, word: str) -> Iterator[Edit]:
        following = self._word(i + 1)
        if word in FLIPS and (word not in CALLED or following == "(") and self._word(i - 1) != "not":
            yield from (self._swap(i, i, other) for other in FLIPS[word])
        elif word == "is":
            negated = following == "not"
            yield self._swap(i, i + negated, "is" if negated else "is not")
        elif word == "in" and following == "(":
            negated = self._word(i - 1) == "not"
            yield self._swap(i - negated, i, "in" if negated else "not in")
            yield from self._members(i + 1)
        elif word == "left" and following == "join":
            yield self._swap(i, i + 1, "join")
        elif word == "full" and following == "join":
            yield from (self._swap(i, i, other) for other in ("left", "right"))
        elif word == "distinct" and self._word(i - 1) not in ("is", "not"):
            yield self._swap(i, i, "")
        elif word == "coalesce" and following == "(":
            yield from self._coalesced(i)
        elif word in ("+", "-", "*", "/"):
            yield from self._arithmetic(i, word)
        elif self.tokens[i].token_type == TokenType.NUMBER and self._word(self.holder[i] - 1) != "decimal":
            value = float(word) if "." in word else int(word)
            yield from (self._swap(i, i, f"({other})" if other < 0 else str(other)) for other in (value + 1, value - 1))

    def _arithmetic(self, i: int, word: str) -> Iterator[Edit]:
        before = self.tokens[i - 1].token_type
        binary = before in (TokenType.VAR, TokenType.NUMBER) or self._word(i - 1) in (")", "]", "end")
        binary = binary and self._word(i - 1) not in PARTS_EXPRESSIONS
        if binary and not (word == "*" and self._word(i - 1) == "."):
            yield self._swap(i, i, {"+": "-", "-": "+", "*": "/", "/": "*"}[word])
        elif word == "-":
            yield self._swap(i, i, "")

    def _members(self, opening: int) -> Iterator[Edit]:
        inside = range(opening + 1, self.closing[opening])
        members = [i for i in inside if self.words[i] != ","]
        if len(members) < 2 or any(self.words[i] != "'" for i in members):
            return
        for member in members:
            kept = ", ".join(self._source(i, i) for i in members if i != member)
            yield self._replace(inside[0], inside[-1], kept, f"without {self._source(member, member)}")

    def _coalesced(self, i: int) -> Iterator[Edit]:
        closing = self.closing[i + 1]
        comma = next((j for j in range(i + 2, closing) if self.words[j] == "," and self.holder[j] == i + 1), None)
        if comma:
            first, rest = self._source(i + 2, comma - 1), self._source(comma + 1, closing - 1)
            for kept in (first, rest if "," not in rest else f"coalesce({rest})"):
                yield self._replace(i, closing, f"({kept})", f"{self._short(i, closing)} becomes {_cut(kept)}")

    def _conditions(self, holder: int, level: Sequence[int]) -> Iterator[Edit]:
        for first, last in self._regions(level):
            opener = self._word(first - 1)
            whole = self._source(first, last)
            alternatives = self._split(first, last, holder, "or")
            yield from self._dropped(alternatives, " or ")
            for start, end in alternatives:
                yield from self._dropped(self._split(start, end, holder, "and"), " and ")
            if opener in BEGINS_CONDITION - {"on"}:
                yield self._replace(first, last, f"not ({whole})", f"not {_cut(whole)}")
                yield self._replace(
                    first, last, "false" if opener == "when" else "true", f"{opener} {_cut(whole)} dropped"
                )

    def _regions(self, level: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Stretches of tokens of one level that no keyword parts, with the brackets between them."""
        stretch: list[int] = []
        for index in [*level, self.closing[-1]]:
            if index < len(self.words) and self.words[index] not in PARTS_EXPRESSIONS:
                stretch.append(index)
                continue
            if stretch and self._is_condition(stretch):
                yield stretch[0], stretch[-1]
            stretch = []

    def _is_condition(self, stretch: Sequence[int]) -> bool:
        words = {self.words[i] for i in stretch}
        return "between" not in words and (
            bool(words & {"and", "or"}) or self._word(stretch[0] - 1) in BEGINS_CONDITION
        )

    def _split(self, first: int, last: int, holder: int, by: str) -> list[tuple[int, int]]:
        cuts = [i for i in range(first, last + 1) if self.holder[i] == holder and self.words[i] == by]
        return list(zip([first, *(i + 1 for i in cuts)], [*(i - 1 for i in cuts), last], strict=True))

    def _dropped(self, parts: Sequence[tuple[int, int]], word: str) -> Iterator[Edit]:
        if len(parts) > 1:
            for dropped in parts:
                kept = word.join(self._source(*part) for part in parts if part != dropped)
                change = f"without{word}{self._short(*dropped)}"
                yield self._replace(parts[0][0], parts[-1][1], kept, change, dropped[0])

    def _otherwise(self, holder: int, level: Sequence[int]) -> Iterator[Edit]:
        for index in level:
            if self.words[index] == "else":
                end = self.closing[holder] - 1
                yield self._replace(index, end, "else null", f"without {self._short(index, end)}")

    def _branches(self, holder: int, level: Sequence[int]) -> Iterator[Edit]:
        """Each SELECT of a UNION gives no rows; its columns keep their names and types."""
        unions = [i for i in level if self.words[i] == "union"]
        if not unions:
            return
        first = next(i for i in level if self.words[i] == "select")
        starts = [first, *(i + 2 for i in unions)]
        ends = [*(i - 1 for i in unions), self.closing[holder] - 1]
        for start, end in zip(starts, ends, strict=True):
            empty = f"select * from ({self._source(start, end)}) as dropped where false"
            yield self._replace(start, end, empty, f"without the branch {self._short(start, end)}")

    def _word(self, index: int) -> str:
        return self.words[index] if 0 <= index < len(self.words) else ""

    def _source(self, first: int, last: int) -> str:
        return self.text[self.tokens[first].start : self.tokens[last].end + 1]

    def _short(self, first: int, last: int) -> str:
        return _cut(self._source(first, last))

    def _swap(self, first: int, last: int, other: str) -> Edit:
        """One word becomes another; shown with its neighbours."""
        before, after = max(0, first - 4), min(len(self.tokens) - 1, last + 3)
        start, end = self.tokens[first].start, self.tokens[last].end + 1
        left, right = self.text[self.tokens[before].start : start], self.text[end : self.tokens[after].end + 1]
        seen = " ".join(f"{left}{self.text[start:end]}{right}".split())
        return Edit(start, end, other, f"{seen} becomes {' '.join(f'{left}{other}{right}'.split())}", start)

    def _replace(self, first: int, last: int, text: str, change: str, at: int | None = None) -> Edit:
        spot = self.tokens[first if at is None else at].start
        return Edit(self.tokens[first].start, self.tokens[last].end + 1, text, change, spot)


def _cut(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 70 else f"{plain[:67]}..."
