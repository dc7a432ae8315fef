"""Lines for the terminal: aligned columns that never cut a key, paragraphs that hang, no blanks at the end."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

_GAP = 2
_INDENT = 2


def heading(console: Console, text: str) -> None:
    """A heading below an empty line."""
    console.print()
    console.print(Text(text, "bold"))


def line(console: Console, text: str, style: str = "", indent: int = _INDENT) -> None:
    """One line that is never wrapped: a command or a path that is wrapped cannot be copied."""
    console.print(Text(" " * indent + text, style), soft_wrap=True)


def paragraph(console: Console, text: str) -> None:
    """Indented text, wrapped at words to the width of the console."""
    width = max(console.width - _INDENT - 1, 20)
    for piece in Text(text).wrap(console, width):
        line(console, piece.plain.rstrip())


def aligned(console: Console, rows: Sequence[tuple[str, Sequence[str]]], sides: str, indent: int = _INDENT) -> None:
    """Rows of (style, cells) in columns; `sides` has "<" or ">" per column.

    The last column is cut at the console's edge. The others never are: an ID or an amount that is cut is wrong.
    """
    widths = [max((cell_len(cells[place]) for _, cells in rows), default=0) for place in range(len(sides))]
    room = console.width - 1 - indent - sum(widths[:-1]) - _GAP * (len(sides) - 1)
    widths[-1] = min(widths[-1], max(room, 8))
    for style, cells in rows:
        parts = [_padded(cell, width, side) for cell, width, side in zip(cells, widths, sides, strict=True)]
        line(console, (" " * _GAP).join(parts).rstrip(), style, indent)


def _padded(cell: str, width: int, side: str) -> str:
    missing = width - cell_len(cell)
    if missing < 0:
        return set_cell_size(cell, width - 1) + "…"
    return " " * missing + cell if side == ">" else cell + " " * missing
