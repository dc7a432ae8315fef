"""Finding the files that may be exports: files, folders, .zip members and .gz, each under a name of its own."""

from __future__ import annotations

import gzip
import os
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

from auditor.model import Problem

from .archives import Member, is_zip, zip_members
from .limits import Bounded

#: What reading a file, a .gz or a .zip member may raise.
UNREADABLE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Source:
    """One readable thing: a file, or a member of a .zip.

    `name` is relative to the PATH it was found under, with forward slashes; `size` counts bytes as stored (for a .zip
    member: unpacked); `modified` is when its file was last changed, in nanoseconds. `open()` gives the unpacked bytes.
    """

    name: str
    path: Path
    size: int
    member: Member | None = None
    gzipped: bool = False
    modified: int | None = None

    def open(self) -> BinaryIO:
        """Open for reading bytes, unpacked; the caller closes it. Raises OSError and the errors of the archive."""
        stored = self.member.open(self.path) if self.member else self.path.open("rb")
        if not self.gzipped:
            return stored
        return cast("BinaryIO", Bounded(gzip.GzipFile(fileobj=stored), self.size))

    def changed(self) -> bool:
        """Whether the file is no longer the one that was found."""
        try:
            now = self.path.stat()
        except OSError:
            return True
        whole = self.member is None and now.st_size != self.size
        return self.modified is not None and (whole or now.st_mtime_ns != self.modified)

    @property
    def plain(self) -> bool:
        """Whether the bytes of `path` are the bytes of this source."""
        return self.member is None and not self.gzipped


@dataclass(frozen=True, slots=True)
class Found:
    """What lies under the PATHs: sources in the order of their names, and what could not be looked at."""

    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]


def changed(name: str) -> Problem:
    """The problem that a file did not stay as it was found."""
    return Problem("The file changed while it was read.", "Wait until it is complete, then run again.", name)


def find_sources(paths: Sequence[Path]) -> Found:
    """List every source under the paths, hidden files left aside, links never followed out of a folder."""
    problems: list[Problem] = []
    by_root: list[tuple[Path, list[Source]]] = []
    seen: set[str] = set()
    for path in paths:
        fresh = []
        for source in _under(Path(path), problems):
            key = os.path.realpath(source.path) + ("\0" + source.member.key if source.member else "")
            if key not in seen:
                seen.add(key)
                fresh.append(source)
        by_root.append((Path(path), fresh))
    return Found(tuple(_distinct(by_root)), tuple(problems))


def _under(path: Path, problems: list[Problem]) -> Iterator[Source]:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        what = (
            "There is no such file or folder."
            if isinstance(error, FileNotFoundError)
            else f"Not readable: {_why(error)}."
        )
        problems.append(Problem(what, "Check the path.", _printable(path.name or str(path))))
        return
    if stat.S_ISDIR(mode):
        yield from _walk(path, "", os.path.realpath(path), problems)
    else:
        yield from _file(path, _printable(path.name), mode, problems)


def _walk(folder: Path, prefix: str, root: str, problems: list[Problem]) -> Iterator[Source]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda e: e.name)
    except OSError as error:
        problems.append(
            Problem(f"The folder cannot be listed: {_why(error)}.", "Grant read access.", prefix.rstrip("/"))
        )
        return
    for entry in entries:
        if hidden(entry.name):
            continue
        name = prefix + _printable(entry.name)
        if entry.is_symlink() and not _stays_inside(entry.path, root, name, problems):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), name + "/", root, problems)
        else:
            yield from _entry(entry, name, problems)


def _entry(entry: os.DirEntry[str], name: str, problems: list[Problem]) -> Iterator[Source]:
    try:
        mode = entry.stat().st_mode
    except OSError as error:
        problems.append(Problem(f"Not readable: {_why(error)}.", "Grant read access or remove it.", name))
        return
    if not stat.S_ISDIR(mode):
        yield from _file(Path(entry.path), name, mode, problems)


def _stays_inside(path: str, root: str, name: str, problems: list[Problem]) -> bool:
    target = os.path.realpath(path)
    if os.path.commonpath([target, root]) == root:
        return True
    problems.append(
        Problem("A link that leaves the folder is not followed.", "Give its target as a path of its own.", name)
    )
    return False


def _file(path: Path, name: str, mode: int, problems: list[Problem]) -> Iterator[Source]:
    if not stat.S_ISREG(mode):
        problems.append(Problem("Not a regular file, left alone.", "Give files, folders, .zip or .gz.", name))
        return
    try:
        with path.open("rb") as stream:
            magic = stream.read(4)
        found = path.stat()
    except OSError as error:
        problems.append(Problem(f"The file cannot be read: {_why(error)}.", "Grant read access or remove it.", name))
        return
    if not is_zip(path, magic):
        yield Source(name, path, found.st_size, gzipped=magic[:2] == b"\x1f\x8b", modified=found.st_mtime_ns)
        return
    members, refused = zip_members(path, name)
    problems += refused
    for member in members:
        if not any(hidden(part) for part in member.name.split("/")):
            yield Source(f"{name}/{member.name}", path, member.size, member, member.gzipped, found.st_mtime_ns)


def hidden(name: str) -> bool:
    """Whether a file or folder of this name is the system's own and never an export."""
    return name.startswith((".", "~$")) or name == "__MACOSX"


def _distinct(by_root: Sequence[tuple[Path, Sequence[Source]]]) -> list[Source]:
    """Sources sorted by name; equal names get as much of their PATH in front as tells them apart."""
    named = [(source.name, root, source) for root, sources in by_root for source in sources]
    deepest = max((len(_parts(root)) for root, _ in by_root), default=0)
    for depth in range(1, deepest + 1):
        count = Counter(name for name, _, _ in named)
        named = [
            (name if count[name] == 1 else "/".join((*_parts(root)[-depth:], source.name)), root, source)
            for name, root, source in named
        ]
    ordered: list[Source] = []
    taken: Counter[str] = Counter()
    for name, _, source in sorted(named, key=lambda item: item[0]):
        taken[name] += 1
        ordered.append(replace(source, name=name if taken[name] == 1 else f"{name}#{taken[name]}"))
    return ordered


def _parts(root: Path) -> tuple[str, ...]:
    where = root if root.is_dir() else root.parent
    return tuple(_printable(part) for part in Path(os.path.realpath(where)).parts[1:])


def _printable(name: str) -> str:
    """The name as text that every file can hold: a name in another encoding keeps marks instead of bytes."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def _why(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
