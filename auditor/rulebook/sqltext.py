"""Reading a query file: TOML front matter in its leading comment, then exactly one SELECT."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from auditor.model import AuditError, Problem

_LEADING_COMMENT = re.compile(r"\A\s*/\*(?P<front>.*?)\*/\s*(?P<query>.*)\Z", re.DOTALL)


def split_front_matter(text: str, name: str) -> tuple[dict[str, Any], str]:
    """The front matter as a table and the query that follows it.

    Raises AuditError naming the file when the comment is missing or no TOML.
    """
    match = _LEADING_COMMENT.match(text)
    if not match:
        raise AuditError(Problem("the file must begin with a comment that holds its TOML front matter.", file=name))
    try:
        return tomllib.loads(match["front"], parse_float=Decimal), match["query"]
    except tomllib.TOMLDecodeError as error:
        raise AuditError(Problem(f"the front matter is no TOML: {error}.", file=name, line=_line_of(error))) from error


def shared_sql(path: Traversable | Path) -> str:
    """The query of a shared file, without the comment that explains it."""
    return _shared(path)["query"]


def shared_what(path: Traversable | Path) -> str:
    """What the table of a shared file holds, as its comment says in the quotation marks after `what`."""
    found = re.search(r'^what = "(.*?)"$', _shared(path)["front"], re.DOTALL | re.MULTILINE)
    return " ".join(found[1].split()) if found else ""


def _shared(path: Traversable | Path) -> re.Match[str]:
    match = _LEADING_COMMENT.match(path.read_text(encoding="utf-8").replace("\r\n", "\n"))
    if not match:
        raise AuditError(Problem("the file must begin with a comment that says what it makes.", file=path.name))
    return match


def _line_of(error: tomllib.TOMLDecodeError) -> int | None:
    found = re.search(r"at line (\d+)", str(error))
    return int(found[1]) if found else None
