"""Single rows of a file by the line they begin on, and what of them may be shown."""

from __future__ import annotations

import io
import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import cast

from .encodings import UTF8, bytewise, decode, decoded
from .intake import CHUNK, chunks_of
from .records import MAX_RECORD_LINES, TAB, Record, is_whole, line_blocks, records
from .sources import Source

#: Stands for a cell that may hold a buyer's data, or that the catalog does not know.
MASK = "***"
LONGEST_CELL = 200
LONGEST_ROW = 2_000
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def records_at(
    blocks: Iterable[list[bytes]], wanted: Collection[int], delimiter: str, encoding: str = UTF8
) -> dict[int, Record]:
    """The records that begin on the wanted lines, out of all lines from the first on."""
    chosen = frozenset(wanted)
    last = max(chosen, default=0)
    kept: dict[int, str] = {}
    until = 0
    for number, line in _worth_a_look(blocks, sorted(chosen), delimiter):
        if number in chosen or number <= until:
            kept[number] = decode(line.rstrip(b"\r\n"), encoding).removeprefix("\ufeff")
            if number in chosen and not is_whole(kept[number], delimiter):
                until = max(until, number + MAX_RECORD_LINES)
        elif number > last:
            break
    return {n: next(iter(records(_from(kept, n), delimiter))) for n in sorted(chosen) if n in kept}


def _from(kept: dict[int, str], number: int) -> Iterator[tuple[int, str]]:
    while number in kept:
        yield number, kept[number]
        number += 1


def _worth_a_look(blocks: Iterable[list[bytes]], wanted: list[int], delimiter: str) -> Iterator[tuple[int, bytes]]:
    """Lines by number; of a tab file, where each record is one line, the wanted ones alone."""
    first = 1
    for lines in blocks:
        if delimiter == TAB:
            here = wanted[bisect_left(wanted, first) : bisect_left(wanted, first + len(lines))]
            yield from ((number, lines[number - first]) for number in here)
        else:
            yield from enumerate(lines, first)
        first += len(lines)
        if delimiter == TAB and (not wanted or first > wanted[-1]):
            return


def lines_of_file(path: Path) -> Iterator[list[bytes]]:
    """Lines of a file in blocks, as bytes."""
    with path.open("rb") as stream:
        yield from line_blocks(stream)


def lines_of_source(source: Source, encoding: str, line_end: str) -> Iterator[list[bytes]]:
    """Lines of an original file in blocks; byte-wise encodings as they are, others as UTF-8."""
    with source.open() as raw:
        if not bytewise(encoding) or line_end != "\n":
            yield from _split(decoded(chunks_of(raw), encoding), line_end)
            return
        stream = raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(cast("io.RawIOBase", raw), CHUNK)
        yield from line_blocks(stream)


def bytes_encoding(encoding: str, line_end: str) -> str:
    """The encoding of what `lines_of_source` gives."""
    if not bytewise(encoding) or line_end != "\n":
        return UTF8
    return encoding.removesuffix("-sig")


def _split(texts: Iterable[str], line_end: str) -> Iterator[list[bytes]]:
    rest = ""
    for text in texts:
        *whole, rest = (rest + text).split(line_end)
        yield [line.encode(UTF8, "replace") for line in whole]
    if rest:
        yield [rest.encode(UTF8, "replace")]


def shown(cells: Sequence[str], visible: Collection[int], width: int, delimiter: str, aligned: bool = True) -> str:
    """The row as text: cells that may not be shown masked, long ones cut.

    In a row that is not `aligned` with its header a cell may stand further right, or further left by as many cells as
    the row lacks or leaves blank at its end: what may be a masked column's is masked.
    """
    if aligned:
        parts = [_part(cell, i in visible) for i, cell in enumerate(cells)]
    else:
        first_hidden = min((i for i in range(width) if i not in visible), default=width)
        filled = max((i + 1 for i, cell in enumerate(cells) if cell.strip()), default=0)
        safe = first_hidden - max(width - filled, 0)
        parts = [_part(cell, i < safe) for i, cell in enumerate(cells)]
    return _cut(delimiter.join(_wrapped(part, delimiter) for part in parts), LONGEST_ROW)


def _part(cell: str, may_be_shown: bool) -> str:
    if not cell.strip():
        return cell
    return _cut(_CONTROLS.sub("\ufffd", cell), LONGEST_CELL) if may_be_shown else MASK


def _wrapped(cell: str, delimiter: str) -> str:
    """The cell as a comma or semicolon file writes it."""
    if delimiter == TAB or not any(mark in cell for mark in (delimiter, '"', "\n")):
        return cell
    return '"' + cell.replace('"', '""') + '"'


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
