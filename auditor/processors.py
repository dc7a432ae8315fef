"""How many processors an audit may take: all of them, or as many as AUDIT_PROCESSORS says. A batch gives it one."""

from __future__ import annotations

import os

from auditor.model import Problem, WrongUsage

PROCESSORS = "AUDIT_PROCESSORS"
_OF_POLARS = "POLARS_MAX_THREADS"


def processors() -> int | None:
    """The number that AUDIT_PROCESSORS says; None: all. Raises WrongUsage when it is no number of processors."""
    said = os.environ.get(PROCESSORS, "")
    if not said:
        return None
    if not (said.isascii() and said.isdecimal() and int(said)):
        what = f"{PROCESSORS} is {said!r}, which is no number of processors."
        raise WrongUsage(Problem(what, "Set it to 1 or more, or unset it: then an audit takes all."))
    return int(said)


def keep_to_processors() -> None:
    """Hold Polars to that number, too; only before it is first imported. Raises WrongUsage as `processors`."""
    if number := processors():
        os.environ.setdefault(_OF_POLARS, str(number))
