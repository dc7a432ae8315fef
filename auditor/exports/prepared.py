"""What a file without lines of its own, a workbook or a JSON payload, is turned into: lines of text, one a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.model import Problem

from .header import Layout

_ONE_LINE = str.maketrans(dict.fromkeys("\t\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", " "))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A recognised file as tab-separated UTF-8 text at `path`, where the n-th line is the row numbered n.

    `sheet` names the sheet of a workbook; `problems` are doubts, not refusals.
    """

    path: Path
    layout: Layout
    sheet: str = ""
    problems: tuple[Problem, ...] = ()


def one_line(cell: str) -> str:
    """The cell without tabs and line breaks."""
    return cell.translate(_ONE_LINE)


def write_rows(path: Path, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Write rows by rising number, each on the line of its number; tabs and line breaks in cells become spaces."""
    line = 1
    with path.open("w", encoding="utf-8", errors="replace", newline="\n") as out:
        for number, cells in rows:
            out.write("\n" * (number - line))
            out.write("\t".join(one_line(cell) for cell in cells) + "\n")
            line = number + 1
