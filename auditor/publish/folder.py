"""The results folder: written beside OUT, then put in its place whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from auditor.model import AuditError, Problem, Results, WrongUsage
from auditor.publish.disk import flush_tree
from auditor.publish.files import CLAIMS, MANIFEST, OWN_NAMES, START, result_files
from auditor.publish.lock import held
from auditor.publish.swap import lock_beside, part_beside, put_in_place, recover

PATIENCE = 60.0


def write_results(results: Results, out: Path, *, extra: Mapping[str, bytes], patience: float = PATIENCE) -> None:
    """Write every result file and `extra` (name -> content) as the folder OUT.

    A reader, or a kill at any point, finds the old whole folder or the new whole folder. Files that a person put
    into the old folder move on into the new one. A second run into the same OUT waits up to `patience` seconds.

    Raises WrongUsage when OUT is not a folder of ours, AuditError when it cannot be written; the old results then
    stand as they were.
    """
    out = checked(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with held(lock_beside(out), patience, f"Another run is writing into {out}."):
            recover(out)
            checked(out)
            _replace(results, out, extra)
    except OSError as error:
        raise AuditError(_explained(error, out)) from error


def write_file(path: Path, content: bytes) -> None:
    """Write one file whole or not at all; AuditError when it cannot be written."""
    part = path.with_name(f".{path.name}.part-{os.getpid()}")
    try:
        try:
            part.write_bytes(content)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        problem = Problem(f"{path} cannot be written: {error.strerror or error}.", "Name another file.")
        raise AuditError(problem) from error


def checked(out: Path) -> Path:
    """The full path of OUT; raises WrongUsage when results must not be written there.

    Worth calling before a long audit, so that a wrong --out is told at once.
    """
    try:
        out = out.resolve()
        reason = _unfit(out)
    except OSError as error:
        raise AuditError(_explained(error, out)) from error
    if reason:
        raise WrongUsage(Problem(reason, "Name an empty or a new folder with --out."))
    return out


def _unfit(out: Path) -> str:
    if out.exists() and not out.is_dir():
        return f"{out} is a file."
    if Path.cwd().is_relative_to(out):
        return f"{out} is the folder you are in, or one above it, and results replace a folder as a whole."
    if out.exists() and any(path.name != START for path in out.iterdir()) and not is_results_folder(out):
        return f"{out} holds files that are not audit results."
    return ""


def is_results_folder(folder: Path) -> bool:
    """Whether the folder's run.json says that this tool made it."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    tool = manifest.get("tool") if isinstance(manifest, dict) else None
    return isinstance(tool, dict) and tool.get("name") == "audit"


def _replace(results: Results, out: Path, extra: Mapping[str, bytes]) -> None:
    part = part_beside(out)
    try:
        part.mkdir()
        for name, content in result_files(results, scratch=part):
            _write(part / name, content)
        for name, content in extra.items():
            _write(_free(part, name), content)
        if out.exists():
            _carry_over(out, part, OWN_NAMES | extra.keys())
            shutil.copymode(out, part)
        flush_tree(part)
        put_in_place(part, out)
    finally:
        # What stands there now is the old folder after a swap, or the unfinished new one after an error.
        shutil.rmtree(part, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("xb") as file:
        file.write(content)


def _free(part: Path, name: str) -> Path:
    if Path(name).name != name or (part / name).exists():
        raise ValueError(f"{name!r} is no plain file name, or the name of another result file")
    return part / name


def _carry_over(old: Path, new: Path, ours: Iterable[str]) -> None:
    """Bring a person's own files along: as links where the file system can, so that nothing is copied or lost."""
    own_files = [path for path in sorted(old.iterdir()) if path.name not in ours]
    if (old / CLAIMS).is_dir():
        own_files += [path for path in sorted((old / CLAIMS).iterdir()) if path.suffix not in {".md", ".csv"}]
    for path in own_files:
        target = new / path.relative_to(old)
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, target, symlinks=True, copy_function=_link)
        else:
            _link(path, target)


def _link(source: str | Path, target: str | Path) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def _explained(error: OSError, out: Path) -> Problem:
    untouched = "Nothing was changed there."
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            what, remedy = "The disk is full.", "Free some space, or name a folder on another disk with --out."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            what, remedy = f"{out.parent} cannot be written to.", "Name a folder you may write to with --out."
        case errno.EBUSY | errno.EXDEV:
            what = f"{out} is a mounted folder, which cannot be replaced as a whole."
            remedy = f"Name a folder inside it: --out {out / 'results'}"
        case _:
            what, remedy = f"{out} cannot be written: {error.strerror or error}.", "Name another folder with --out."
    return Problem(f"{what} {untouched}", remedy)
