"""A new rule to begin with: a folder that loads, and whose cases fail until its query says what it finds."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from auditor.model import Problem, WrongUsage

_NAME = re.compile(r"[a-z][a-z0-9_]{2,59}")
_TITLE = "@TITLE@"
FILES = ("rule.sql", "claim.toml", "cases.toml")


def new_rule(name: str, folder: Path) -> Path:
    """Write the files of a rule called `name` into a folder of its own under `folder`; gives that folder.

    Raises WrongUsage for a name that no rule can have, or a folder that is there already.
    """
    if not _NAME.fullmatch(name):
        what = f"'{name}' cannot be the name of a rule."
        raise WrongUsage(Problem(what, "Use small letters, digits and _, beginning with a letter: lost_and_old."))
    made = folder / name
    if made.exists():
        raise WrongUsage(Problem(f"{made} is there already.", "Take another name, or edit what is there."))
    made.mkdir(parents=True)
    title = name.replace("_", " ").capitalize()
    for file in FILES:
        text = (files("auditor.rules") / "template" / file).read_text(encoding="utf-8")
        (made / file).write_text(text.replace(_TITLE, title), encoding="utf-8", newline="\n")
    return made
