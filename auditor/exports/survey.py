"""A look at every line below the header: is the file even enough to be read as one table?

A file is even when each line is one record of the same number of cells. Only then does the n-th row of a table reader
stand on the n-th line, and only then is the quick way taken.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

from .intake import CHUNK
from .records import MAX_LINE, TAB

_ASCII = bytes(range(128))
_SPACE = re.compile(r"\s")
_SMALL = 1 << 17
#: A quote after one of these may stand around the cell of a tab file.
_BEFORE_A_CELL = (b"\t", b"\n", b"\t ")


@dataclass(slots=True)
class Survey:
    """What the lines below the header are like; `cells` is the count of cells of the first.

    `even`: all have that many, and none is empty. `wrapped`: some cell begins with a quote. `spaces`: some cell may
    have white space at an end."""

    rows: int = 0
    cells: int | None = None
    even: bool = True
    quotes: bool = False
    wrapped: bool = False
    formulas: bool = False
    spaces: bool = False

    def note(self, counts: set[int]) -> None:
        """Take in the counts of cells of some lines."""
        for count in counts:
            if self.cells is None:
                self.cells = count
            self.even = self.even and count == self.cells

    def note_quotes(self, block: bytes) -> None:
        """Take in what quotes there are, and where they stand."""
        if b'"' in block:
            before = {text[-2:] for text in (b"\n" + block).split(b'"')[:-1]}
            self.quotes = True
            self.wrapped = self.wrapped or any(text.endswith(_BEFORE_A_CELL) for text in before)
            self.formulas = self.formulas or any(text.endswith(b"=") for text in before)

    def note_lines(self, lines: list[bytes], mark: bytes, count: Callable[[list[bytes]], set[int]]) -> None:
        """Look at each of some lines."""
        self.note(count(lines))
        self.rows += len(lines)
        self.even = self.even and not any(b"\0" in line for line in lines)
        self.even = self.even and not _empty_rows(lines, mark, self.cells or 1)


def survey(path: Path, header_line: int, delimiter: str) -> Survey:
    """Look at the lines below the header; stops early, `even` False, at the first one that is not plain."""
    seen = Survey()
    mark = delimiter.encode()
    count = _tab_counts if delimiter == TAB else _csv_counter(mark)
    header, blocks = _blocks(path, header_line)
    plain: _Plain | None = None
    for block in blocks:
        plain = plain or _Plain(block, mark)
        spaces = _may_have_outer_spaces(block, delimiter)
        seen.spaces = seen.spaces or spaces
        seen.note_quotes(block)
        odd = seen.wrapped or (spaces and _begins_blank(block, mark))
        # A header in the middle: exports put together, where a header is no row.
        if header and header in block:
            seen.even = False
        elif not odd and (rows := plain.lines_of(block)):
            seen.note({plain.cells})
            seen.rows += rows
        else:
            seen.note_lines(block.removesuffix(b"\n").split(b"\n"), mark, count)
        if not seen.even:
            break
    return seen


class _Plain:
    """Knows blocks in which all lines have as many cells as the first line of the file, and nothing odd.

    Without all other characters, such a block is the same few marks over and over: nothing is looked at line by line.
    """

    def __init__(self, block: bytes, mark: bytes) -> None:
        line = block[: block.find(b"\n") + 1]
        self.cells = line.count(mark) + 1
        self._line = mark * (self.cells - 1) + (b"\r\n" if line.endswith(b"\r\n") else b"\n")
        # A quote in a tab file is a character like any other.
        odd = b"\r\v\f\0" if mark == TAB.encode() else b'\r\v\f\0"'
        self._others = bytes(set(range(256)) - {*mark, *b"\n", *odd})

    def lines_of(self, block: bytes) -> int:
        """How many lines the block has; none when it is not plain or does not end a line."""
        marks = block.translate(None, self._others)
        lines = len(marks) // len(self._line)
        return lines if marks == self._line * lines else 0


def _may_have_outer_spaces(block: bytes, delimiter: str) -> bool:
    """Whether white space may stand at an end of a cell, or a line begin with an empty cell."""
    if block[:1].isspace() or b"\v" in block or b"\f" in block or _has_wide_space(block):
        return True
    beside = [f" {delimiter}", f"{delimiter} ", " \n", "\n ", f"\n{delimiter}"]
    if b"\r" in block:
        beside += [" \r", "\r[^\n]"]
    return _has_one_of(beside, block)


def _has_one_of(patterns: Sequence[str], block: bytes) -> bool:
    """Whether one of the patterns is in the block; Polars looks for all at once, but is slow to begin."""
    if len(block) < _SMALL:
        return any(re.search(pattern.encode(), block) for pattern in patterns)
    import polars as pl

    found: bool = pl.Series([block], dtype=pl.Binary).cast(pl.String).str.contains("|".join(patterns)).item()
    return found


def _has_wide_space(block: bytes) -> bool:
    """Whether there is white space that is not ASCII."""
    return not block.isascii() and _SPACE.search(block.translate(None, _ASCII).decode("utf-8", "replace")) is not None


def _begins_blank(block: bytes, mark: bytes) -> bool:
    """Whether a line has a blank first cell, so that nothing at all may be in it."""
    return block[:1] in {mark, b" "} or b"\n" + mark in block or b"\n " in block


def _empty_rows(lines: list[bytes], mark: bytes, cells: int) -> bool:
    """Whether a line has cells and nothing in them: it is no row."""
    longest = 3 * cells + 2
    if min(map(len, lines)) > longest:
        return False
    return any(len(line) <= longest and not line.strip(mark + b'" \r') for line in lines)


def _blocks(path: Path, skipped: int) -> tuple[bytes, Iterator[bytes]]:
    """The header line, and the whole lines below it in blocks.

    A line past all measure ends the file as one uneven block.
    """
    header = b""
    with path.open("rb") as stream:
        for _ in range(skipped):
            header = stream.readline(MAX_LINE)
        below = stream.tell()

    def blocks() -> Iterator[bytes]:
        with path.open("rb") as stream:
            stream.seek(below)
            while chunk := stream.read(CHUNK):
                rest = b"" if chunk.endswith(b"\n") else stream.readline(MAX_LINE)
                if len(rest) == MAX_LINE:
                    yield b"\n" + rest
                    return
                yield chunk + rest

    return header.rstrip(b"\r\n").removeprefix(BOM_UTF8), blocks()


def _tab_counts(lines: list[bytes]) -> set[int]:
    return {tabs + 1 for tabs in set(map(bytes.count, lines, repeat(b"\t")))}


def _csv_counter(mark: bytes) -> Callable[[list[bytes]], set[int]]:
    """Counts cells of lines; 0 for a line whose quoting is not plain enough for the quick way."""
    between = b'"' + mark + b'"'
    field = b'(?:"[^"]*+(?:""[^"]*+)*+"|[^"' + mark + b"]*+)"
    plain = re.compile(field + b"(?:" + mark + field + b")*+")
    pieces = re.compile(b'"[^"]*+(?:""[^"]*+)*+"')

    def cells(line: bytes) -> int:
        quotes = line.count(b'"')
        if not quotes:
            return line.count(mark) + 1
        line = line.rstrip(b"\r")
        if line[:1] == line[-1:] == b'"':
            inner = line[1:-1].count(between)
            if quotes == 2 * inner + 2:
                return inner + 1
        if not plain.fullmatch(line):
            return 0
        return pieces.sub(b"", line).count(mark) + 1

    return lambda lines: set(map(cells, lines))
