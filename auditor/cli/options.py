"""Options that several commands share."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from auditor.cli.settings import rule_settings

if TYPE_CHECKING:
    from auditor.request import Request
    from auditor.store.workspace import Workspace

APP = "fba-reimbursement-auditor"
Command = TypeVar("Command", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """An ISO date, 2026-05-31."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Parse the text; a date passes as it is (audit.toml holds real dates)."""
        if isinstance(value, date):
            return value
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)):
            self.fail(f"{value!r} is not a date like 2026-05-31.", param, ctx)
        try:
            return date.fromisoformat(str(value))
        except ValueError as error:
            self.fail(f"{value!r} is not a date: {error}.", param, ctx)


def reading_options(command: Command) -> Command:
    """What says which exports are read, and how."""
    for option in reversed(
        (
            click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path)),
            click.option("--account", default="", help="Name of the account; it stands in every row."),
            click.option(
                "--one-account", is_flag=True, help="You have checked: ledgers without a common SKU are of one account."
            ),
            click.option("--as-of", type=Day(), help="Day the audit speaks for (default: newest date in the exports)."),
            click.option("--marketplace", metavar="CC", help="Marketplace of rows that name none: US, UK, DE, JP, ..."),
            click.option("--workspace", type=click.Path(path_type=Path), help="Folder for what was read before."),
            click.option("--encoding", help="Encoding of files without a byte order mark, when the guess is wrong."),
            click.option(
                "--date-order", type=click.Choice(["mdy", "dmy"]), help="Order of day and month where unclear."
            ),
            click.option("--rules", "rule_folders", multiple=True, type=click.Path(path_type=Path), help="More rules."),
            click.option("--policy", "policy_folder", type=click.Path(path_type=Path), help="Another policy folder."),
            click.option("--quiet", is_flag=True, help="Print nothing but errors."),
            click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else."),
        )
    ):
        command = option(command)
    return command


def make_request(  # noqa: PLR0913 - one argument per shared option
    *,
    paths: Sequence[Path],
    account: str,
    one_account: bool,
    as_of: date | None,
    marketplace: str | None,
    workspace: Path | None,
    encoding: str | None,
    date_order: str | None,
    rule_folders: Sequence[Path],
    policy_folder: Path | None,
) -> Request:
    """The request that the shared options describe; raises WrongUsage when a path is not there or matches nothing."""
    from auditor.exports.patterns import matched
    from auditor.request import Request
    from auditor.store.reading import HowToRead
    from auditor.store.workspace import open_workspace

    return Request(
        paths=matched(paths),
        workspace=open_workspace(workspace) if workspace else default_workspace(account, paths),
        account=account,
        one_account=one_account,
        as_of=as_of,
        marketplace=marketplace,
        rule_folders=tuple(rule_folders),
        policy_folder=policy_folder,
        how=HowToRead(encoding, date_order),
        rule_settings=rule_settings(),
    )


def default_workspace(account: str, paths: Sequence[Path]) -> Workspace:
    """The workspace in the person's own folder; without a writable home, in the folder for temporary files."""
    from auditor.model import WrongUsage
    from auditor.store.workspace import default_folder, open_workspace

    try:
        return open_workspace(default_folder(Path(click.get_app_dir(APP)), account, paths))
    except WrongUsage:
        fallback = Path(tempfile.gettempdir()) / f"{APP}-{getattr(os, 'getuid', str)()}"
        return open_workspace(default_folder(fallback, account, paths))
