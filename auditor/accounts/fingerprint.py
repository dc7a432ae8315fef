"""Whether anything has changed since an account's last good run: its files, what was asked, the tool, the case log.

Files are compared by content. The hash of a file is remembered beside what the file system says of it (size, times,
inode), and trusted while that is the same and was not fresh when it was noted: a file may change twice within one tick
of the file system's clock.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from auditor.account_files import wanted
from auditor.accounts.job import Job
from auditor.accounts.kept import read_json, write_json
from auditor.exports.sources import find_sources
from auditor.publish.files import START
from auditor.request import Request
from auditor.store.workspace import Workspace

_TICK_NS = 2_000_000_000
_CODE = (".py", ".sql", ".toml", ".j2", ".css", ".js", ".txt", ".po")
Hashes = Mapping[str, list[Any]]


@cache
def program_digest() -> str:
    """The tool as it is installed: its own code, rules, policy and templates, Python, and every library it names."""
    digest = hashlib.sha256(platform.python_version().encode())
    for package in ("auditor", "auditor.rules", "auditor.reports"):
        for name, entry in sorted(_texts(files(package), package)):
            digest.update(f"\n{name}\n".encode() + entry.read_bytes())
    for library in sorted(_libraries()):
        digest.update(f"\n{library}".encode())
    return digest.hexdigest()


def fingerprint(job: Job) -> str | None:
    """A digest of everything that decides the account's results, but for its cases in the case log.

    None when the exports cannot all be looked at: then only a run tells.
    """
    request = Request(job.paths, Workspace(job.workspace), leave_out=job.leave_out)
    found = find_sources(job.paths)
    sources = wanted(found.sources, request)
    if found.problems or not sources:
        return None
    memory = job.workspace / "hashes.json"
    known: Hashes = read_json(memory)
    try:
        hashes = {str(path): _hash(path, known.get(str(path))) for path in {source.path for source in sources}}
        folders = [_folder_digest(folder) for folder in (*job.rule_folders, *filter(None, [job.policy_folder]))]
    except OSError:
        return None
    if hashes != known:
        write_json(memory, hashes)
    asked = (
        *(job.name, job.marketplaces, job.language, job.one_account, job.as_of, job.case_log, folders),
        _plain(job.rule_settings),
    )
    named = sorted((source.name, hashes[str(source.path)][-1]) for source in sources)
    return hashlib.sha256(repr((job.program, asked, named)).encode()).hexdigest()


def results_signature(out: Path) -> list[list[Any]]:
    """Names, sizes, times and inodes of the files of a results folder: any change by anybody shows.

    The first page is not a result: it is brought up to date each night, whatever else is.
    """
    found = []
    for folder, _, names in os.walk(out):
        for name in names:
            path = Path(folder) / name
            stat = path.lstat()
            found.append([path.relative_to(out).as_posix(), stat.st_size, stat.st_mtime_ns, stat.st_ino])
    return sorted(entry for entry in found if entry[0] != START)


def _hash(path: Path, known: list[Any] | None) -> list[Any]:
    """[signature, when it was noted, SHA-256]; the hash from memory where that is safe."""
    stat = path.stat()
    changed = max(stat.st_mtime_ns, stat.st_ctime_ns)
    signature = [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, stat.st_dev]
    if known and known[0] == signature and changed < known[1] - _TICK_NS:
        return known
    noted = time.time_ns()
    with path.open("rb") as file:
        return [signature, noted, hashlib.file_digest(file, "sha256").hexdigest()]


def _folder_digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for name, entry in sorted(_texts(folder, "")):
        digest.update(f"\n{name}\n".encode() + entry.read_bytes())
    return digest.hexdigest()


def _texts(folder: Traversable, prefix: str) -> Iterable[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        name = f"{prefix}/{entry.name}"
        if entry.is_dir():
            yield from _texts(entry, name)
        elif entry.name.endswith(_CODE):
            yield name, entry


def _libraries() -> Iterable[str]:
    """The libraries that the tool names, with the versions that are installed."""
    try:
        named = requires("fba-reimbursement-auditor") or []
    except PackageNotFoundError:
        named = []
    for line in named:
        name = line.split(";")[0].split("[")[0].split(">")[0].split("<")[0].split("=")[0].strip()
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            continue


def _plain(settings: Mapping[str, Mapping[str, object]]) -> str:
    return json.dumps(settings, sort_keys=True, default=str)
