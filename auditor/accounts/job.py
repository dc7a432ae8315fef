"""What a batch asks for one account, and what became of it; both travel between processes and machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from auditor.model import Problem

#: ok: results stand. refused: the exports must not be judged. failed: anything else went wrong.
State = Literal["ok", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class Job:
    """One account to audit: `out` is its own results folder, `workspace` its own workspace.

    `program` is the digest of the tool that asks; a worker of another version refuses. `language` is that of its page.
    `accept`: a person has checked that the exports are the account's although they look like another seller's.
    `time_limit` is in seconds from the moment on which the account is its own, `memory_limit` in MiB of resident
    memory.
    """

    account_id: str
    name: str
    paths: tuple[Path, ...]
    out: Path
    workspace: Path
    case_log: str
    program: str
    marketplaces: tuple[str, ...] = ()
    language: str = "en"
    one_account: bool = False
    as_of: date | None = None
    rule_folders: tuple[Path, ...] = ()
    policy_folder: Path | None = None
    rule_settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    leave_out: tuple[Path, ...] = ()
    accept: bool = False
    time_limit: float = 1800.0
    memory_limit: int = 4096


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an account.

    `profile` is what was measured of it. `again`: trying a second time may help. `seconds` and `peak_memory` (MiB, 0:
    unknown) are of this attempt; `audited` is False when nothing had changed.
    """

    account_id: str
    state: State
    problems: tuple[Problem, ...] = ()
    profile: Mapping[str, Any] | None = None
    audited: bool = True
    again: bool = False
    seconds: float = 0.0
    peak_memory: int = 0

    @property
    def did(self) -> str:
        """What was done in one word: audited, unchanged, or the state of an account that went wrong."""
        if self.state != "ok":
            return self.state
        return "audited" if self.audited else "unchanged"


def failed(job: Job, what: str, remedy: str = "", *, again: bool = True) -> Outcome:
    """The outcome of an account that went wrong in a way that its own process could not tell."""
    return Outcome(job.account_id, "failed", (Problem(what, remedy),), again=again)
