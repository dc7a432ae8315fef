"""Reading every export once: what was read before comes from the cache, the same content is read one time only."""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, get_ident

from auditor.exports.catalog import Catalog
from auditor.exports.intake import sha256_of
from auditor.exports.reader import read, reader_version
from auditor.exports.reading import Reading
from auditor.exports.sources import UNREADABLE, Source
from auditor.store.leftovers import remove_leftovers
from auditor.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ReadExport:
    """One file under the input paths: where its bytes are, what was read, and whose copy it is (None: nobody's).

    `put_back` holds SKUs as the file prints them, by the SKU with the leading zeros that it lost.
    """

    source: Source
    reading: Reading
    same_as: str | None = None
    put_back: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HowToRead:
    """What the caller fixed about reading; part of the cache's key."""

    encoding: str | None = None
    date_order: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """Whom to tell what: the start of each file, with its place among all of them, and bytes as they are read."""

    on_file: Callable[[str, int, int], None] = lambda _name, _index, _count: None
    on_bytes: Callable[[int], None] = lambda _count: None


AT_A_TIME = 2
#: Bytes from which on a file uses both cores by itself, and much memory.
LARGE = 32 * 1024**2
AS_IT_IS = HowToRead()
SILENT = Progress()


def read_exports(
    sources: Sequence[Source],
    catalog: Catalog,
    workspace: Workspace,
    how: HowToRead = AS_IT_IS,
    progress: Progress = SILENT,
) -> list[ReadExport]:
    """Read all sources, in the order of their names; a file that cannot be read is a reading with problems.

    Two files are read at a time, large ones one by one; neither order nor results depend on which is done first.
    """
    remove_leftovers(workspace.cache)
    first_with: dict[str, str] = {}
    exports = []
    ordered = sorted(sources, key=lambda s: s.name)
    desk = _Desk(catalog, workspace, how, progress)
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        readings = pool.map(desk.read, ordered)
        for index, source in enumerate(ordered, start=1):
            progress.on_file(source.name, index, len(ordered))
            reading = next(readings)
            same_as = first_with.get(reading.sha256) if reading.parquet else None
            if reading.parquet:
                first_with.setdefault(reading.sha256, source.name)
            exports.append(ReadExport(source, reading, same_as))
    return exports


class _Desk:
    """Reads one source at a time for each thread, the same content once and one large file alone."""

    def __init__(self, catalog: Catalog, workspace: Workspace, how: HowToRead, progress: Progress) -> None:
        self._catalog, self._cache, self._how, self._progress = catalog, workspace.cache, how, progress
        self._guard = Lock()
        self._alone = Lock()
        self._of_size: dict[int, Lock] = defaultdict(Lock)
        self._notes = {_key_of(note): note for note in workspace.cache.glob("*.json")}
        self._sizes = {_size_of(note) for note in self._notes.values()}

    def read(self, source: Source) -> Reading:
        """The reading of an earlier run or file with the same content, else a new one."""
        with self._guard:
            # Only files of one size can have one content; the second of them then finds the first one's reading.
            turn = self._of_size[source.size]
        with turn, self._alone if source.size > LARGE else nullcontext():
            return self._read_once(source)

    def _read_once(self, source: Source) -> Reading:
        known = self._known(source)
        if known is not None:
            self._progress.on_bytes(source.size)
            return known.renamed(source.name)
        reading = read(
            source,
            self._catalog,
            self._cache,
            encoding=self._how.encoding,
            date_order=self._how.date_order,
            on_bytes=self._progress.on_bytes,
        )
        if reading.sha256:
            key = _cache_key(reading.sha256, self._catalog, self._how)
            note = self._cache / f"{key}-{reading.size}.json"
            _remember(reading, note)
            with self._guard:
                self._notes[key] = note
                self._sizes.add(str(reading.size))
        return reading

    def _known(self, source: Source) -> Reading | None:
        """The reading of an earlier run or file, by content; nothing is hashed that is of a size never read before."""
        if not source.gzipped and str(source.size) not in self._sizes:
            return None
        sha256 = _hash(source)
        note = self._notes.get(_cache_key(sha256, self._catalog, self._how)) if sha256 else None
        return _remembered(note) if note else None


def _hash(source: Source) -> str:
    try:
        return sha256_of(source)
    except UNREADABLE:
        return ""


def _key_of(note: Path) -> str:
    return note.stem.partition("-")[0]


def _size_of(note: Path) -> str:
    return note.stem.partition("-")[2]


def _cache_key(sha256: str, catalog: Catalog, how: HowToRead) -> str:
    entries = "|".join(f"{name}={digest}" for name, digest in sorted(catalog.digests.items()))
    key = "|".join((sha256, reader_version(), entries, str(how.encoding), str(how.date_order)))
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _remembered(note: Path) -> Reading | None:
    """The reading of an earlier run; None when there is none, or when it or its Parquet is gone or damaged."""
    try:
        reading = Reading.from_json(note.read_text(encoding="utf-8"), note.parent)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return reading if reading.parquet is None or reading.parquet.is_file() else None


def _remember(reading: Reading, note: Path) -> None:
    beside = note.with_suffix(f".part-{os.getpid()}-{get_ident()}")
    beside.write_text(reading.to_json(), encoding="utf-8")
    beside.replace(note)
