"""What lies in a .zip, looked at with suspicion: names, counts and sizes first, bytes only when asked for."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, cast

from auditor.model import Problem

from .limits import MAX_MEMBERS, MAX_UNPACKED, refusal, too_much

MAX_INNER = 64 * 1024**2
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError)
_OFFICE = ("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a .zip: its name with forward slashes, its place in the directory and its unpacked size.

    A file in an archive within the archive has the place of that archive in `within`.
    """

    name: str
    place: int
    size: int
    gzipped: bool
    within: int | None = None

    @property
    def key(self) -> str:
        """What tells it apart from other members of its archive."""
        return f"{'' if self.within is None else self.within} {self.place}"

    def open(self, archive: Path) -> BinaryIO:
        """Open its bytes, as stored in the archive."""
        found = archive.stat()
        pack = _opened(archive, found.st_size, found.st_mtime_ns, self.within)
        return cast("BinaryIO", pack.open(pack.infolist()[self.place]))


@lru_cache(maxsize=2)
def _opened(archive: Path, _size: int, _modified: int, within: int | None) -> zipfile.ZipFile:
    """The archive, kept open: its directory is long, and its files are read one after the other."""
    with zipfile.ZipFile(archive) as pack:
        if within is not None:
            return zipfile.ZipFile(io.BytesIO(pack.read(pack.infolist()[within])))
    return zipfile.ZipFile(archive)


def is_zip(path: Path, magic: bytes) -> bool:
    """Whether the file is an archive of files, and not an office document in the same wrapping."""
    if magic not in _ZIP:
        return False
    try:
        with zipfile.ZipFile(path) as pack:
            names = pack.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return path.suffix.lower() == ".zip"
    return not any(name in _OFFICE for name in names)


def zip_members(path: Path, name: str) -> tuple[list[Member], list[Problem]]:
    """The files in an archive, those in archives directly within it among them, and why something is not read."""
    looking = _Looking(name)
    try:
        with zipfile.ZipFile(path) as pack:
            looking.at(pack, path.stat().st_size, "")
    except _DAMAGED as error:
        looking.problems.append(Problem(f"The archive is damaged: {error}.", "Download it again.", name))
    return looking.members, looking.problems


class _Looking:
    """A look through one archive; what all levels of it hold is counted together."""

    def __init__(self, name: str) -> None:
        self.members: list[Member] = []
        self.problems: list[Problem] = []
        self._name = name
        self._files = self._unpacked = 0

    def at(self, pack: zipfile.ZipFile, packed: int, prefix: str, within: int | None = None) -> None:
        """Take in the files of `pack`, or the reason to leave all of it alone."""
        entries = pack.infolist()
        self._files += len(entries)
        self._unpacked += sum(entry.file_size for entry in entries)
        if why := self._excess() or _suspicion(entries, packed):
            self.problems.append(refusal(self._name + ("/" + prefix.rstrip("/") if prefix else ""), why))
            return
        for place, entry, shown in _files(entries):
            magic = _first_bytes(pack, entry)
            if within is None and magic in _ZIP and self._is_archive(pack, entry, place, shown):
                continue
            self.members.append(Member(prefix + shown, place, entry.file_size, magic[:2] == b"\x1f\x8b", within))

    def _excess(self) -> str:
        if self._files > MAX_MEMBERS:
            return f"it holds more than {MAX_MEMBERS:,} files"
        return f"it unpacks to more than {MAX_UNPACKED // 1024**3} GB" if self._unpacked > MAX_UNPACKED else ""

    def _is_archive(self, pack: zipfile.ZipFile, entry: zipfile.ZipInfo, place: int, shown: str) -> bool:
        """Whether the entry is an archive of files; if so, it has been looked through."""
        if entry.file_size > MAX_INNER:
            if shown.lower().endswith(".zip"):
                why = f"it lies in another one and takes more than {MAX_INNER // 1024**2} MB"
                self.problems.append(refusal(f"{self._name}/{shown}", why))
            return shown.lower().endswith(".zip")
        try:
            with zipfile.ZipFile(io.BytesIO(pack.read(entry))) as inner:
                if any(name in _OFFICE for name in inner.namelist()):
                    return False
                self.at(inner, entry.file_size, f"{shown}/", place)
        except _DAMAGED as error:
            name = f"{self._name}/{shown}"
            self.problems.append(Problem(f"The archive is damaged: {error}.", "Download it again.", name))
        return True


def _suspicion(entries: Sequence[zipfile.ZipInfo], packed: int) -> str:
    for entry in entries:
        if why := _bad_name(entry.filename):
            return why
        if entry.flag_bits & 0x1:
            return "it is encrypted"
        if stat.S_ISLNK(entry.external_attr >> 16):
            return "it holds a link"
    if why := too_much(sum(entry.file_size for entry in entries), packed):
        return why
    return next((why for e in entries if (why := too_much(e.file_size, e.compress_size))), "")


def _bad_name(name: str) -> str:
    plain = name.replace("\\", "/")
    if plain.startswith("/") or plain[1:2] == ":" or ".." in plain.split("/"):
        return "a name in it leads out of the folder"
    return "" if plain.isprintable() else "a name in it holds control characters"


def _files(entries: Sequence[zipfile.ZipInfo]) -> Iterator[tuple[int, zipfile.ZipInfo, str]]:
    """Every file of an archive: its place, its entry, and a name that no other one has."""
    taken: Counter[str] = Counter()
    for place, entry in enumerate(entries):
        name = entry.filename.replace("\\", "/")
        if not name.endswith("/"):
            taken[name] += 1
            yield place, entry, name if taken[name] == 1 else f"{name}#{taken[name]}"


def _first_bytes(pack: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The first four bytes; none when the member is damaged, which reading it will tell."""
    try:
        with pack.open(entry) as stream:
            return stream.read(4)
    except Exception:
        return b""
