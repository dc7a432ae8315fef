"""Lines into records, exactly: each record knows the line it begins on.

Tab files are not CSV: a quote in them is a character. Comma and semicolon files are, and a quoted field may hold line
breaks; a quote that is never closed costs its own line and nothing after it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

TAB, COMMA, SEMICOLON = "\t", ",", ";"
DELIMITERS = (TAB, COMMA, SEMICOLON)
MAX_RECORD_LINES = 200
#: No row of an export is longer; of a longer line the beginning is kept, with this mark at its end.
MAX_LINE = 1 << 20
CUT = "\0\0"
_KEPT = 4_000


class Record(NamedTuple):
    """One row as printed: the line it begins on, its cells, and what is wrong with its quoting, if anything."""

    line: int
    cells: list[str]
    fault: str = ""

    @property
    def blank(self) -> bool:
        """Whether there is nothing in it."""
        return not any(cell.strip() for cell in self.cells)


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Lines of a UTF-8 file by number, without their ends; only LF and CRLF end a line."""
    with path.open("rb") as stream:
        for number, line in enumerate(bounded_lines(stream), 1):
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            yield number, text.removeprefix("\ufeff") if number == 1 else text


def bounded_lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream, those past all measure cut short and marked."""
    while line := stream.readline(MAX_LINE):
        if len(line) < MAX_LINE or line.endswith(b"\n"):
            yield line
            continue
        while (rest := stream.readline(MAX_LINE)) and not rest.endswith(b"\n"):
            pass
        yield line[:_KEPT] + CUT.encode()


def line_blocks(stream: BinaryIO) -> Iterator[list[bytes]]:
    """The lines of a stream without their LF, many at a time; those past all measure cut short and marked."""
    while block := stream.read(MAX_LINE):
        if not block.endswith(b"\n"):
            # Only the line that goes on past the block can be too long.
            block += stream.readline(MAX_LINE)
        *lines, last = block.split(b"\n")
        if last:
            lines.append(last)
        if len(lines[-1]) >= MAX_LINE:
            lines[-1] = lines[-1][:_KEPT] + CUT.encode()
        if len(last) >= MAX_LINE:
            while (rest := stream.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                pass
        yield lines


def records(lines: Iterable[tuple[int, str]], delimiter: str) -> Iterator[Record]:
    """Every record of the lines, blank ones included."""
    if delimiter == TAB:
        return (Record(number, [unquoted(cell) for cell in text.split(TAB)]) for number, text in lines)
    return _csv_records(iter(lines), delimiter)


def unquoted(cell: str) -> str:
    """A tab file's cell without one matching outer pair of quotes."""
    stripped = cell.strip()
    if len(stripped) >= 2 and stripped[0] == stripped[-1] == '"':
        return stripped[1:-1].replace('""', '"')
    return cell


def _csv_records(lines: Iterator[tuple[int, str]], delimiter: str) -> Iterator[Record]:
    waiting: list[tuple[int, str]] = []
    while True:
        current = waiting.pop(0) if waiting else next(lines, None)
        if current is None:
            return
        number, text = current
        if '"' not in text:
            yield Record(number, text.split(delimiter))
        elif _closed(delimiter).fullmatch(text):
            yield Record(number, _cells(text, delimiter))
        else:
            yield _longer(number, text, delimiter, waiting, lines)


def _longer(
    number: int, text: str, delimiter: str, waiting: list[tuple[int, str]], lines: Iterator[tuple[int, str]]
) -> Record:
    """The record that begins on this line and ends on a later one, or this line alone when none closes it."""
    if not _open(delimiter).fullmatch(text):
        return Record(number, _cells(text, delimiter))
    joined = text
    for taken in range(1, MAX_RECORD_LINES):
        if len(waiting) < taken:
            following = next(lines, None)
            if following is None:
                break
            waiting.append(following)
        joined += "\n" + waiting[taken - 1][1]
        if _closed(delimiter).fullmatch(joined):
            del waiting[:taken]
            return Record(number, _cells(joined, delimiter))
        if not _open(delimiter).fullmatch(joined):
            break
    return Record(number, _cells(text, delimiter), "a quote is opened and not closed")


@cache
def _closed(delimiter: str) -> re.Pattern[str]:
    return re.compile(f"{_field(delimiter)}(?:{delimiter}{_field(delimiter)})*+")


@cache
def _open(delimiter: str) -> re.Pattern[str]:
    return re.compile(f'(?:{_field(delimiter)}{delimiter})*+"[^"]*+(?:""[^"]*+)*+')


def _field(delimiter: str) -> str:
    return f'(?:"[^"]*+(?:""[^"]*+)*+"|[^"{delimiter}\\n][^{delimiter}\\n]*+|)'


def _cells(text: str, delimiter: str) -> list[str]:
    try:
        cells = next(csv.reader([text], delimiter=delimiter), [])
        # A quote that opens a cell after a space; within a quoted cell the same signs are its own text.
        spaced = f'{delimiter} "' in text or text.startswith(' "')
        return [unquoted(cell) if cell[:1] == " " else cell for cell in cells] if spaced else cells
    except csv.Error:
        return text.split(delimiter)


def is_whole(text: str, delimiter: str) -> bool:
    """Whether the line is a record by itself."""
    return delimiter == TAB or '"' not in text or _closed(delimiter).fullmatch(text) is not None
