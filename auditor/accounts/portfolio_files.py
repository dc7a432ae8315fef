"""Writing the portfolio and the digests of a morning; what a former morning left and this one has not is removed."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from auditor.accounts.digest_files import FOLDER, morning_files
from auditor.accounts.letters import drafts
from auditor.accounts.portfolio import Portfolio
from auditor.accounts.portfolio_page import portfolio_bytes, render
from auditor.accounts.settings import LANGUAGES
from auditor.model import AuditError, Problem
from auditor.publish.folder import write_file

MESSAGES = "messages"
_OURS = (".eml", ".slack.json", ".teams.json", ".ics", *(f".{language}.txt" for language in LANGUAGES))


def write_portfolio(portfolio: Portfolio, out: Path, to_results: str = "", page: str = "") -> list[str]:
    """Write every file, each whole or not at all, and give their names. Raises AuditError when it cannot be done."""
    contents = {
        "portfolio.html": render(portfolio, to_results).encode(),
        "portfolio.json": portfolio_bytes(portfolio),
        **dict(morning_files(portfolio, page)),
        **dict(drafts(portfolio.accounts, portfolio.day)),
    }
    try:
        for name, content in contents.items():
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            write_file(out / name, content)
        _remove_others(out, contents)
        if "alerts.csv" not in contents:
            (out / "alerts.csv").unlink(missing_ok=True)
    except OSError as error:
        what = f"{out} cannot be written: {error.strerror or error}."
        raise AuditError(Problem(what, "Name another folder with --out.")) from error
    return list(contents)


def _remove_others(out: Path, written: Collection[str]) -> None:
    """What a former morning left: nobody sends or reads it twice."""
    for folder in (FOLDER, MESSAGES):
        for old in (out / folder).iterdir() if (out / folder).is_dir() else ():
            if old.name.endswith(_OURS) and f"{folder}/{old.name}" not in written:
                old.unlink()
