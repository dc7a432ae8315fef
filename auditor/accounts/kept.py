"""What a batch keeps of an account between nights, in the account's workspace; each note is written whole or not."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from auditor.model import Problem, WrongUsage
from auditor.publish.folder import write_file

#: The form of the notes; a workspace of a higher one was written by a newer version of this tool.
FORM = 1


def read_json(path: Path) -> dict[str, Any]:
    """A note; empty when there is none or when it is damaged, which costs a run and nothing else."""
    with suppress(OSError, ValueError):
        content = json.loads(path.read_bytes())
        if isinstance(content, dict):
            return content
    return {}


def write_json(path: Path, content: Any) -> None:
    """Write a note whole or not at all."""
    write_file(path, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))


def check_form(workspace: Path) -> None:
    """Claim a workspace for this version; WrongUsage when a newer one has written it."""
    note = workspace / "workspace.json"
    form = read_json(note).get("form", 0)
    if not isinstance(form, int) or form > FORM:
        what = (
            f"the workspace {workspace} was written by a newer version of this tool (form {form}, known here {FORM})."
        )
        raise WrongUsage(Problem(what, "Install that version, or name another folder with --workspace."))
    if form != FORM:
        workspace.mkdir(parents=True, exist_ok=True)
        write_json(note, {"form": FORM})


def done_note(workspace: Path, out: Path) -> Path:
    """The note of the last good run into a results folder; another folder has another one."""
    mark = hashlib.sha256(str(out.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return workspace / f"done-{mark}.json"
