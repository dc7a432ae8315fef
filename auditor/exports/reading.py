"""What is known of one file once it has been read: plain values, storable as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from auditor.model import Problem, Reject

#: What a file is made of: lines of text, the cells of a sheet, or the objects of a JSON payload.
Form = Literal["text", "workbook", "json"]
DELIMITER_NAMES = {"\t": "tab", ",": "comma", ";": "semicolon"}


@dataclass(frozen=True)
class Reading:
    """One file, read.

    An unknown file has no `report_id` and says why; a file that could not be used has no `parquet` and `problems`.
    Lines of a workbook are the rows of its `sheet`; those of a JSON file the lines on which objects begin, or their
    places where objects share lines. `parquet` holds the report's canonical columns (all of them, absent ones NULL)
    and `line`, in file order. `rows_read` = rows in the Parquet + `rows_rejected`. `first_date` to `last_date` are the
    days the file covers; `newest_event` is the newest day on which something happened. `unknown_values` counts, by
    canonical column, the rows of each value that the catalog does not document. `rejected_keys` are ("fnsku" |
    "order_id", value) of rows left out whose product or order could still be read.
    """

    name: str
    sha256: str = ""
    size: int = 0
    report_id: str | None = None
    why_unknown: str = ""
    encoding: str = ""
    delimiter: str = ""
    form: Form = "text"
    sheet: str = ""
    line_end: str = "\n"
    header_line: int = 0
    header: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows_read: int = 0
    rows_rejected: int = 0
    rejects: tuple[Reject, ...] = ()
    rejected_keys: tuple[tuple[str, str], ...] = ()
    parquet: Path | None = None
    first_date: date | None = None
    last_date: date | None = None
    newest_event: date | None = None
    unknown_values: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the file should have been read and could not be."""
        return self.parquet is None and bool(self.problems)

    @property
    def rows_loaded(self) -> int:
        """Rows in the Parquet."""
        return self.rows_read - self.rows_rejected

    @property
    def delimiter_name(self) -> str:
        """`tab`, `comma` or `semicolon`."""
        return DELIMITER_NAMES.get(self.delimiter, "")

    def renamed(self, name: str) -> Reading:
        """The same content found under another name."""
        return replace(
            self,
            name=name,
            rejects=tuple(replace(r, file=name) for r in self.rejects),
            problems=tuple(replace(p, file=name) for p in self.problems),
        )

    def to_json(self) -> str:
        """As JSON text; the Parquet is kept as its file name, so that a cache folder may move."""
        values = asdict(self)
        values["parquet"] = self.parquet.name if self.parquet else None
        return json.dumps(values, default=str, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str, folder: Path) -> Reading:
        """The reading that `to_json` wrote, with its Parquet in `folder`."""
        values: dict[str, Any] = json.loads(text)
        for name in ("first_date", "last_date", "newest_event"):
            values[name] = date.fromisoformat(values[name]) if values[name] else None
        for name in ("header", "columns"):
            values[name] = tuple(values[name])
        values["parquet"] = folder / values["parquet"] if values["parquet"] else None
        values["rejects"] = tuple(Reject(**r) for r in values["rejects"])
        values["problems"] = tuple(Problem(**p) for p in values["problems"])
        values["rejected_keys"] = tuple((kind, key) for kind, key in values["rejected_keys"])
        return cls(**values)
