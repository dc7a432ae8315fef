"""Bounds on a workbook, taken from its packed parts before a parser builds any cell of it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from .limits import too_much

MAX_UNPACKED = 512 * 1024**2
MAX_CELLS = 8_000_000
MAX_TEXT = 256 * 1024**2
_STRINGS = "xl/sharedStrings.xml"
_MAX_STRINGS = 64 * 1024**2
_CHUNK = 1 << 20
_SHEET = re.compile(r"xl/worksheets/[^/]*\.xml")
# Cells that hold something: a parser makes room for them and for everything between them.
_CELL = re.compile(rb"""<c\s[^<>/]*?\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,10})["'][^<>/]*>""")
_PLACELESS_CELL = re.compile(rb"<c(?![^<>]*\br\s*=)(?:\s[^<>/]*)?>")
_ROW = re.compile(rb"""<row\s[^<>/]*?\br\s*=\s*["']()([0-9]{1,10})["'][^<>/]*>""")
_SHARED = re.compile(rb"""\bt\s*=\s*["']s["'][^<]*<v>([0-9]{1,9})</v>""")
_1904 = re.compile(rb"""\bdate1904\s*=\s*["'](?:1|true)["']""")
_LONGEST_TAG = 256
_OLE = b"\xd0\xcf\x11\xe0"
_LOCKED = "EncryptedPackage".encode("utf-16-le")


def is_workbook(path: Path) -> bool:
    """Whether the file is a workbook of the .xlsx family, locked or not. Raises BadZipFile for half an archive."""
    with path.open("rb") as stream:
        magic = stream.read(4)
    if magic == _OLE:
        return is_locked(path)
    with zipfile.ZipFile(path) as pack:
        return "xl/workbook.xml" in pack.namelist()


def is_locked(path: Path) -> bool:
    """Whether the file is an office document behind a password."""
    with path.open("rb") as stream:
        if stream.read(4) != _OLE:
            return False
        return any(_LOCKED in part for part in _overlapping(iter(lambda: stream.read(_CHUNK), b"")))


def counts_from_1904(path: Path) -> bool:
    """Whether the workbook counts its days from 1904."""
    with zipfile.ZipFile(path) as pack, pack.open("xl/workbook.xml") as stream:
        return _1904.search(stream.read(_CHUNK)) is not None


def too_large(path: Path) -> str:
    """Why the workbook is not opened, or nothing."""
    with zipfile.ZipFile(path) as pack:
        parts = pack.infolist()
        if why := too_much(sum(part.file_size for part in parts), path.stat().st_size):
            return why
        if sum(part.file_size for part in parts) > MAX_UNPACKED:
            return f"it unpacks to more than {MAX_UNPACKED // 1024**2} MB"
        sheets = [part for part in parts if _SHEET.fullmatch(part.filename)]
        if sum(_area(_pieces(pack, sheet)) for sheet in sheets) > MAX_CELLS:
            return f"its sheets span more than {MAX_CELLS:,} cells"
        return _too_much_text(pack, sheets)


def _pieces(pack: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with pack.open(part) as stream:
        yield from _overlapping(iter(lambda: stream.read(_CHUNK), b""))


def _overlapping(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks, each with the end of the one before it, so that no tag is cut everywhere."""
    rest = b""
    for chunk in chunks:
        yield rest + chunk
        rest = chunk[-_LONGEST_TAG:]


def _area(pieces: Iterator[bytes]) -> int:
    """Cells of the rectangle from the first to the last place that the sheet names."""
    rows = columns = 0
    for piece in pieces:
        places = set(_CELL.findall(piece))
        if _PLACELESS_CELL.search(piece):
            places.update(_ROW.findall(piece))
        rows = max(rows, max((int(row) for _, row in places), default=0))
        columns = max(columns, max((_column(letters) for letters in {letters for letters, _ in places}), default=0))
    return rows * columns


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _too_much_text(pack: zipfile.ZipFile, sheets: list[zipfile.ZipInfo]) -> str:
    """A short text that very many cells share is stored once, and copied for every cell by the parser."""
    if _STRINGS not in pack.namelist():
        return ""
    if pack.getinfo(_STRINGS).file_size > _MAX_STRINGS:
        return f"its texts take more than {_MAX_STRINGS // 1024**2} MB"
    lengths = [len(text) for text in pack.read(_STRINGS).split(b"<si")[1:]]
    longest = max(lengths, default=0)
    cells = sum(piece.count(b"<v>") for sheet in sheets for piece in _pieces(pack, sheet))
    # The exact count costs time, and only a sheet with long shared texts needs it.
    if cells * longest > MAX_TEXT and _shared_text(pack, sheets, lengths) > MAX_TEXT:
        return f"its cells hold more than {MAX_TEXT // 1024**2} MB of text"
    return ""


def _shared_text(pack: zipfile.ZipFile, sheets: list[zipfile.ZipInfo], lengths: list[int]) -> int:
    total = 0
    for sheet in sheets:
        for piece in _pieces(pack, sheet):
            total += sum(lengths[place] for n in _SHARED.findall(piece) if (place := int(n)) < len(lengths))
    return total
