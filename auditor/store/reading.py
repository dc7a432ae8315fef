"""Reading every export once: what was read before comes from the cache, the same content is read one time only."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.exports.catalog import Catalog
from auditor.exports.reader import UNREADABLE, read, reader_version, sha256_of
from auditor.exports.reading import Reading
from auditor.exports.sources import Source
from auditor.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ReadExport:
    """One file under the input paths: where its bytes are, what was read, and whose copy it is (None: nobody's)."""

    source: Source
    reading: Reading
    same_as: str | None = None


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


AS_IT_IS = HowToRead()
SILENT = Progress()


def read_exports(
    sources: Sequence[Source],
    catalog: Catalog,
    workspace: Workspace,
    how: HowToRead = AS_IT_IS,
    progress: Progress = SILENT,
) -> list[ReadExport]:
    """Read all sources, in the order of their names; a file that cannot be read is a reading with problems."""
    first_with: dict[str, str] = {}
    exports = []
    ordered = sorted(sources, key=lambda s: s.name)
    for index, source in enumerate(ordered, start=1):
        progress.on_file(source.name, index, len(ordered))
        reading = _read_once(source, catalog, workspace, how, progress)
        same_as = first_with.get(reading.sha256) if reading.parquet else None
        if reading.parquet:
            first_with.setdefault(reading.sha256, source.name)
        exports.append(ReadExport(source, reading, same_as))
    return exports


def _read_once(source: Source, catalog: Catalog, workspace: Workspace, how: HowToRead, progress: Progress) -> Reading:
    try:
        sha256 = sha256_of(source)
    except UNREADABLE:
        sha256 = ""
    note = workspace.cache / f"{_cache_key(sha256, catalog, how)}.json"
    known = _remembered(note) if sha256 else None
    if known is not None:
        progress.on_bytes(source.size)
        return known.renamed(source.name)
    reading = read(
        source,
        catalog,
        workspace.cache,
        encoding=how.encoding,
        date_order=how.date_order,
        on_bytes=progress.on_bytes,
    )
    if reading.sha256 == sha256 and sha256:
        _remember(reading, note)
    return reading


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
    beside = note.with_suffix(f".part-{os.getpid()}")
    beside.write_text(reading.to_json(), encoding="utf-8")
    beside.replace(note)
