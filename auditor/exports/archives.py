"""What lies in a .zip, looked at with suspicion: names, counts and sizes first, bytes only when asked for."""

from __future__ import annotations

import io
import stat
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from auditor.model import Problem

from .limits import MAX_MEMBERS, refusal, too_much

_OFFICE = ("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a .zip: its name with forward slashes, its place in the directory and its unpacked size."""

    name: str
    place: int
    size: int
    gzipped: bool

    @property
    def key(self) -> str:
        """What tells it apart from other members of its archive."""
        return str(self.place)

    def open(self, archive: Path) -> BinaryIO:
        """Open its bytes, as stored in the archive; closing them closes the archive too."""
        pack = zipfile.ZipFile(archive)
        try:
            return cast("BinaryIO", _Owning(pack.open(pack.infolist()[self.place]), pack))
        except BaseException:
            pack.close()
            raise


class _Owning(io.RawIOBase):
    """A member's stream that closes its archive with it."""

    def __init__(self, stream: IO[bytes], pack: zipfile.ZipFile) -> None:
        super().__init__()
        self._stream = stream
        self._pack = pack

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes; none at the end."""
        return self._stream.read(size)

    def readinto(self, buffer: Any, /) -> int:
        """Fill the buffer and say how far."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close what it reads from."""
        self._stream.close()
        self._pack.close()
        super().close()


def is_zip(path: Path, magic: bytes) -> bool:
    """Whether the file is an archive of files, and not an office document in the same wrapping."""
    if magic not in {b"PK\x03\x04", b"PK\x05\x06"}:
        return False
    if path.suffix.lower() == ".zip":
        return True
    try:
        with zipfile.ZipFile(path) as pack:
            return not any(name in _OFFICE for name in pack.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def zip_members(path: Path, name: str) -> tuple[list[Member], Problem | None]:
    """The files in an archive, or why nothing of it is read."""
    try:
        with zipfile.ZipFile(path) as pack:
            entries = pack.infolist()
            if why := _suspicion(entries, path.stat().st_size):
                return [], refusal(name, why)
            return _files(pack, entries), None
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeError) as error:
        return [], Problem(f"The archive is damaged: {error}.", "Download it again.", name)


def _suspicion(entries: Sequence[zipfile.ZipInfo], packed: int) -> str:
    if len(entries) > MAX_MEMBERS:
        return f"it holds more than {MAX_MEMBERS:,} files"
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


def _files(pack: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo]) -> list[Member]:
    members = []
    taken: Counter[str] = Counter()
    for place, entry in enumerate(entries):
        name = entry.filename.replace("\\", "/")
        if name.endswith("/"):
            continue
        taken[name] += 1
        shown = name if taken[name] == 1 else f"{name}#{taken[name]}"
        members.append(Member(shown, place, entry.file_size, _is_gzip(pack, entry)))
    return members


def _is_gzip(pack: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    try:
        with pack.open(entry) as stream:
            return stream.read(2) == b"\x1f\x8b"
    except Exception:
        return False
