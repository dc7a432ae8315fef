"""Where the results of a batch lie, and the case log of those accounts that name none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from auditor.cli.batch import DEFAULT_OUT
from auditor.cli.case_log import database_option, url_in
from auditor.cli.options import default_workspace

Command = TypeVar("Command", bound=Callable[..., Any])


def batch_options(command: Command) -> Command:
    """What says which batch is meant: the same as `audit batch` was given."""
    for option in (
        click.option("--workspace", type=click.Path(path_type=Path), help="The workspace of `audit batch`."),
        click.option(
            "--batch",
            type=click.Path(file_okay=False, path_type=Path),
            default=DEFAULT_OUT,
            show_default=True,
            help="The results folder of `audit batch`.",
        ),
    ):
        command = option(command)
    return database_option(command)


def log_url(file: Path, where: Mapping[str, Any]) -> str:
    """The URL of the batch's case log, found as `audit batch` finds it."""
    from auditor.store.workspace import open_workspace

    if where["database_url"]:
        return str(where["database_url"])
    workspace = where["workspace"]
    return url_in(open_workspace(workspace) if workspace else default_workspace("batch", [file]))
