"""Files that nobody should hand in, and what is to be said of each."""

from __future__ import annotations

import gzip
import io
import os
import random
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

from .command import LEDGER, ROW, TEXT

MB = 1024**2
KEYS = "{" + ",".join(f'"k{n}":0' for n in range(1_000_000)) + "}"


def packed(members: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as pack:
        for name, content in members.items():
            pack.writestr(name, content)
    return buffer.getvalue()


def encrypted() -> bytes:
    content = bytearray(packed({"l.txt": TEXT}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def with_link() -> bytes:
    link = zipfile.ZipInfo("l.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as pack:
        pack.writestr(link, "/etc/hostname")
    return buffer.getvalue()


def workbook(*parts: tuple[str, bytes]) -> bytes:
    names = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
    return packed(names | dict(parts))


FAR_CELLS = (
    b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
    b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
)

#: File name -> content, and words of the refusal that must name it.
REFUSED: dict[str, tuple[bytes, str]] = {
    "ratio.zip": (packed({"l.txt": bytes(20 * MB)}), "200 times"),
    "count.zip": (packed({f"{i}.txt": b"" for i in range(10_001)}, zipfile.ZIP_STORED), "10,000 files"),
    "traversal.zip": (packed({"../../l.txt": TEXT}), "leads out of the folder"),
    "absolute.zip": (packed({"/tmp/l.txt": TEXT}), "leads out of the folder"),
    "encrypted.zip": (encrypted(), "encrypted"),
    "link.zip": (with_link(), "a link"),
    "truncated.zip": (packed({"l.txt": TEXT})[:-30], "damaged"),
    "inner.zip": (packed({"a.txt": TEXT, "bomb.zip": packed({"l.txt": bytes(20 * MB)})}), "200 times"),
    "truncated.txt.gz": (gzip.compress(TEXT)[:-9], "cannot be read"),
    "bomb.txt.gz": (gzip.compress(TEXT + bytes(200 * MB), 6), "200 times"),
    "columns.txt": (LEDGER.encode() + b"\tx" * 100_000 + b"\n" + ROW.encode() + b"\n", "100,016 columns"),
    "bomb.xlsx": (workbook(("xl/worksheets/sheet1.xml", bytes(20 * MB))), "200 times"),
    "far.xlsx": (workbook(("xl/worksheets/sheet1.xml", FAR_CELLS)), "cells"),
    "nothing.xlsx": (workbook(), "damaged"),
    "half.xlsx": (workbook(("xl/worksheets/sheet1.xml", b"<worksheet/>"))[:-40], "damaged"),
    "half.json": (b'{"payload": {"ItemData": [{"ShipmentId": "FBA1", "Sel', "cut off"),
    "objects.json": (b'{"payload": {"ItemData": [' + b"{}," * 300_000 + b"{}]}}", "200,000 values"),
    "keys of an item.json": (
        f'{{"payload": {{"ItemData": [{KEYS[:-1]}, "PrepDetailsList": []}}]}}}}'.encode(),
        "1,000 keys",
    ),
    "quote.csv": (LEDGER.replace("\t", ",").encode() + b'\n"' + b"x,\n" * (4 * MB), "20,001"),
}

#: File name -> content, and words of why it is left alone.
LEFT_ALONE: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "empty"),
    "mark.txt": (b"\xef\xbb\xbf", "empty"),
    "nul.txt": (bytes(1_000), "no text"),
    "noise.txt": (random.Random(1).randbytes(200_000), ""),
    "keys.json": (KEYS.encode(), "no known payload"),
    "deep.json": (b"[" * 2_000_000, "JSON"),
    "deep.zip": (packed({"in.zip": packed({"deeper.zip": packed({"l.txt": TEXT})})}), "archive within an archive"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n" + bytes(100), "picture"),
}

#: File name -> content, rows read, rows rejected.
READ: dict[str, tuple[bytes, int, int]] = {
    "header only.txt": (LEDGER.encode() + b"\n", 0, 0),
    "blank lines.txt": (LEDGER.encode() + b"\n" * 1_000_000 + ROW.encode() + b"\n", 1, 0),
    "nul row.txt": (TEXT + ROW.replace("Pan", "P\0n").encode() + b"\n" + ROW.encode() + b"\n", 3, 1),
    "two headers.txt": (TEXT + TEXT.replace(b"X000000001", b"X000000002"), 2, 0),
    "line ends.txt": (f"{LEDGER}\r\n{ROW}\n{ROW}\r\n\r\n{ROW}".encode(), 3, 0),
    "no mark.txt": (TEXT.decode().replace("Pan", "靴").encode("utf-16-le"), 1, 0),
    "many cells.txt": (TEXT + b"x\t" * 100_000 + b"\n" + ROW.encode() + b"\n", 3, 1),
    "long row.txt": (TEXT + ROW.replace("Pan", "P" * 3_000_000).encode() + b"\n" + ROW.encode() + b"\n", 3, 1),
    "line\nbreak.txt": (TEXT.replace(b"Pan", b"Pot"), 1, 0),
    "\u202etxt.right to left": (TEXT.replace(b"Pan", b"Pin"), 1, 0),
    "=cmd|x.txt": (TEXT.replace(b"Pan", b"Pen"), 1, 0),
}


def in_a_loop(folder: Path) -> None:
    """Pipes, loops and links that lead out."""
    os.mkfifo(folder / "pipe.txt")
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "up").symlink_to("..")
    (folder / "round").symlink_to(".")
    (folder / "outside.txt").symlink_to("/etc/hostname")


def one_line(start: bytes, written: int = 1024) -> Callable[[Path], None]:
    """Writes a file with one line of so many megabytes after its start."""

    def write(path: Path) -> None:
        with path.open("wb") as file:
            file.write(start)
            for _ in range(written):
                file.write(b"x" * MB)

    return write


def sparse(path: Path) -> None:
    """A gigabyte of NUL bytes that takes no room."""
    with path.open("wb") as file:
        file.truncate(1024 * MB)


#: File name -> what writes it, rows read, rows rejected.
LARGE: dict[str, tuple[Callable[[Path], None], int, int]] = {
    "one line under a header.txt": (one_line(LEDGER.encode() + b"\n"), 1, 1),
    "one line and nothing else.txt": (one_line(b""), 0, 0),
    "nul bytes.txt": (sparse, 0, 0),
}
