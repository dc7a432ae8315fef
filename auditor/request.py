"""What an audit is asked to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from auditor.store.reading import AS_IT_IS, SILENT, HowToRead, Progress, ReadExport
from auditor.store.workspace import Workspace
from auditor.what_if import WhatIf


@dataclass(frozen=True, slots=True)
class Request:
    """What to audit.

    `one_account`: a person has checked that all files are of one account. `as_of` None means the newest event in the
    exports; `marketplace` serves rows that name none; `leave_out` are folders that may lie under the paths and are no
    exports, such as the results of an earlier run. `rule_settings` switches rules off or sets their options, by rule.
    `case_log` is the URL of the case log ("": none). `gate` may refuse the exports once they are read, before anything
    is judged or told to the case log; `on_cases` gets a digest of the account's cases as the findings show them.
    `on_step` gets a message of the terminal for each step that begins, `on_rule` the ID of each rule that is judged.
    """

    paths: Sequence[Path]
    workspace: Workspace
    account: str = ""
    one_account: bool = False
    as_of: date | None = None
    marketplace: str | None = None
    rule_folders: Sequence[Path] = ()
    policy_folder: Path | None = None
    leave_out: Sequence[Path] = ()
    rule_settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    how: HowToRead = AS_IT_IS
    what_if: WhatIf | None = None
    case_log: str = ""
    gate: Callable[[Sequence[ReadExport]], None] = field(default=lambda _: None)
    on_cases: Callable[[str], None] = field(default=lambda _: None)
    progress: Progress = SILENT
    on_step: Callable[[str], None] = field(default=lambda _: None)
    on_rule: Callable[[str], None] = field(default=lambda _: None)
