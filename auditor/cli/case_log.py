"""Where the case log lies: a database by URL, or a file in the workspace of a results folder."""

from __future__ import annotations

import getpass
import hashlib
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from auditor.cli.options import APP

if TYPE_CHECKING:
    from auditor.claims.cases.log import CaseLog
    from auditor.store.workspace import Workspace

FILE = "cases.db"
Command = TypeVar("Command", bound=Callable[..., Any])


def database_option(command: Command) -> Command:
    """The option that names a team's case log; AUDIT_DATABASE_URL does too."""
    return click.option(
        "--database-url",
        envvar="AUDIT_DATABASE_URL",
        metavar="URL",
        help="Case log of a team, as postgresql://user@host/cases (default: a file in the workspace).",
    )(command)


def log_options(command: Command) -> Command:
    """What says which case log is meant."""
    for option in (
        click.option("--workspace", type=click.Path(path_type=Path), help="The workspace of the audit."),
        click.option(
            "--out",
            type=click.Path(path_type=Path),
            default=Path("audit-results"),
            show_default=True,
            help="The results folder of `audit run`.",
        ),
    ):
        command = option(command)
    return database_option(command)


def url_in(workspace: Workspace) -> str:
    """The URL of the case log in a workspace."""
    return f"sqlite:///{(workspace.folder / FILE).resolve()}"


def remember(out: Path, workspace: Workspace) -> None:
    """Note which workspace the results of a folder come from, so that `audit claims` finds their log."""
    note = _note(out)
    with suppress(OSError):
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(str(workspace.folder.resolve()), encoding="utf-8")


def open_log(database_url: str | None, workspace: Path | None, out: Path) -> CaseLog:
    """Open the case log. Raises WrongUsage when none is there yet."""
    from auditor.claims.cases.log import CaseLog
    from auditor.model import Problem, WrongUsage

    if database_url:
        return CaseLog(database_url)
    folder = workspace
    if folder is None:
        with suppress(OSError):
            folder = Path(_note(out).read_text(encoding="utf-8"))
    if folder is None or not (folder / FILE).is_file():
        what = f"There is no case log in {folder}." if folder else f"No audit has written {out} on this machine."
        raise WrongUsage(
            Problem(what, "Run `audit run PATH` first, or name the log with --workspace or --database-url.")
        )
    return CaseLog(f"sqlite:///{(folder / FILE).resolve()}")


def person() -> str:
    """The name under which a move is noted."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def today() -> date:
    """The day where the person sits."""
    return date.today()  # noqa: DTZ011 - a person's own day


def _note(out: Path) -> Path:
    mark = hashlib.sha256(str(out.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return Path(click.get_app_dir(APP)) / "results" / mark
