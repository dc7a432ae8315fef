"""A look at every line below the header: is the file even enough to be read as one table?

A file is even when each line is one record of the same number of cells. Only then does the n-th row of a table reader
stand on the n-th line, and only then is the quick way taken.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

from .intake import CHUNK
from .records import MAX_LINE, TAB


@dataclass(slots=True)
class Survey:
    """What the lines below the header are like; `cells` is the count of cells of the first.

    `even`: all have that many, and none is empty. `wrapped`: some cell begins with a quote."""

    rows: int = 0
    cells: int | None = None
    even: bool = True
    quotes: bool = False
    wrapped: bool = False
    formulas: bool = False

    def note(self, counts: set[int]) -> None:
        """Take in the counts of cells of some lines."""
        for count in counts:
            if self.cells is None:
                self.cells = count
            self.even = self.even and count == self.cells


def survey(path: Path, header_line: int, delimiter: str) -> Survey:
    """Look at the lines below the header; stops early, `even` False, at the first one that is not plain."""
    seen = Survey()
    mark = delimiter.encode()
    count = _tab_counts if delimiter == TAB else _csv_counter(mark)
    header, blocks = _blocks(path, header_line)
    for lines, chunk in blocks:
        seen.quotes = seen.quotes or b'"' in chunk
        seen.wrapped = seen.wrapped or _has_wrapped_cell(chunk)
        seen.formulas = seen.formulas or (b"=" in chunk and b'="' in chunk)
        seen.note(count(lines))
        seen.rows += len(lines)
        seen.even = seen.even and b"\0" not in chunk and not _empty_rows(lines, mark, seen.cells or 1)
        # A header in the middle: exports put together, where a header is no row.
        seen.even = seen.even and not (header and header in chunk)
        if not seen.even:
            break
    return seen


def _has_wrapped_cell(chunk: bytes) -> bool:
    """Whether a tab file's cell begins with a quote, so that it may be one that stands around it."""
    return b'"' in chunk and (b'\t"' in chunk or b'\n"' in chunk or chunk.startswith(b'"') or b'\t "' in chunk)


def _empty_rows(lines: list[bytes], mark: bytes, cells: int) -> bool:
    """Whether a line has cells and nothing in them: it is no row."""
    longest = 3 * cells + 2
    if min(map(len, lines)) > longest:
        return False
    return any(len(line) <= longest and not line.strip(mark + b'" \r') for line in lines)


def _blocks(path: Path, skipped: int) -> tuple[bytes, Iterator[tuple[list[bytes], bytes]]]:
    """The header line, and the whole lines below it in blocks, each with its bytes.

    A line past all measure ends the file as one uneven block.
    """
    header = b""
    with path.open("rb") as stream:
        for _ in range(skipped):
            header = stream.readline(MAX_LINE)
        below = stream.tell()

    def blocks() -> Iterator[tuple[list[bytes], bytes]]:
        with path.open("rb") as stream:
            stream.seek(below)
            rest = b""
            while chunk := stream.read(CHUNK):
                chunk = rest + chunk
                end = chunk.rfind(b"\n")
                rest = chunk[end + 1 :]
                if end >= 0:
                    yield chunk[:end].split(b"\n"), chunk[: end + 1]
                elif len(rest) > MAX_LINE:
                    yield [b"", rest], rest
                    return
            if rest:
                yield [rest], rest

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
