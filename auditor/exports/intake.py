"""One pass over a source: its hash, its size, its encoding, and its text as UTF-8 with LF line ends on disk."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from .encodings import LOOKED_AT, UTF8, UTF8_MARK, Utf8Check, decoded, legacy, marked
from .sources import Source

CHUNK = 1 << 20
#: A file that was changed this lately may be changed again. Its rows are read through a memory map, where a file that
#: shrinks ends the process, so it is copied first; an older one is read where it lies.
UNSETTLED = 3600 * 10**9


@dataclass(frozen=True, slots=True)
class Text:
    """A source's text: `path` holds it as UTF-8 with LF or CRLF line ends; `eol` ends the original's lines."""

    path: Path
    sha256: str
    size: int
    encoding: str
    eol: str


def chunks_of(stream: BinaryIO) -> Iterator[bytes]:
    """The stream's bytes in pieces."""
    while chunk := stream.read(CHUNK):
        yield chunk


def sha256_of(source: Source) -> str:
    """The hash of the source's unpacked bytes, as in Reading.sha256. Raises what opening and reading it raises."""
    digest = hashlib.sha256()
    with source.open() as stream:
        for chunk in chunks_of(stream):
            digest.update(chunk)
    return digest.hexdigest()


def take_in(source: Source, workdir: Path, encoding: str | None, on_bytes: Callable[[int], None] | None = None) -> Text:
    """Read the source once; copy it when it is packed or was changed within the hour.

    It is transcoded only when it is not UTF-8 with LF. Raises what reading the source raises (OSError,
    BadZipFile, zlib.error, ...).
    """
    copy = None if source.plain and _settled(source) else workdir / "original"
    seen = _pass(source, copy, on_bytes)
    path = copy or _nameable(source.path, workdir)
    chosen = marked(seen.head) or encoding or _unmarked(path, seen.utf8)
    eol = "\n" if seen.line_feed else "\r"
    clean = chosen in {UTF8, UTF8_MARK} and seen.utf8.valid and not seen.utf8.cut and seen.line_feed
    if not clean:
        path, eol = _transcode(path, workdir / "text", chosen)
    return Text(path, seen.sha256, seen.size, chosen, eol)


def take_bytes(source: Source, workdir: Path, on_bytes: Callable[[int], None] | None = None) -> Text:
    """Read a source that is no text once, copied and raising as `take_in` does."""
    copy = None if source.plain and _settled(source) else workdir / "original"
    seen = _pass(source, copy, on_bytes)
    return Text(copy or _nameable(source.path, workdir), seen.sha256, seen.size, "", "\n")


def _settled(source: Source) -> bool:
    """Whether the source's file was last changed long ago."""
    return source.modified is not None and time.time_ns() - source.modified > UNSETTLED


def _nameable(path: Path, workdir: Path) -> Path:
    """The file under a name that every library can open: names in another encoding are no text."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        link = workdir / "original"
        link.symlink_to(path.resolve())
        return link
    return path


@dataclass(frozen=True, slots=True)
class _Seen:
    sha256: str
    size: int
    head: bytes
    utf8: Utf8Check
    line_feed: bool


def _pass(source: Source, copy: Path | None, on_bytes: Callable[[int], None] | None) -> _Seen:
    digest, utf8 = hashlib.sha256(), Utf8Check()
    size, head, line_feed = 0, b"", False
    target = copy.open("wb") if copy else None
    try:
        with source.open() as stream:
            for chunk in chunks_of(stream):
                head = head or chunk[:LOOKED_AT]
                size += len(chunk)
                line_feed = line_feed or b"\n" in chunk
                digest.update(chunk)
                utf8.feed(chunk)
                if target:
                    target.write(chunk)
                if on_bytes:
                    on_bytes(len(chunk))
    finally:
        if target:
            target.close()
    utf8.feed(b"", final=True)
    # A single line has no end of its own; it needs no change.
    return _Seen(digest.hexdigest(), size, head, utf8, line_feed or not _has_return(copy or source.path))


def _has_return(path: Path) -> bool:
    with path.open("rb") as stream:
        return any(b"\r" in chunk for chunk in chunks_of(stream))


def _unmarked(path: Path, utf8: Utf8Check) -> str:
    if utf8.valid:
        return UTF8
    with path.open("rb") as stream:
        return legacy(chunks_of(stream))


def _transcode(path: Path, target: Path, encoding: str) -> tuple[Path, str]:
    """Write the text as UTF-8; lines that end with CR alone, in a file without LF, end with LF afterwards."""
    line_feed = False
    with path.open("rb") as stream, target.open("w", encoding=UTF8, errors="replace", newline="") as out:
        for text in decoded(chunks_of(stream), encoding):
            line_feed = line_feed or "\n" in text
            out.write(text)
    if line_feed or not _has_return(target):
        return target, "\n"
    again = target.with_name("lines")
    with target.open("rb") as stream, again.open("wb") as binary:
        for chunk in chunks_of(stream):
            binary.write(chunk.replace(b"\r", b"\n"))
    with suppress(OSError):
        target.unlink()
    return again, "\r"
