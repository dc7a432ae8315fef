"""Runs the command as a process of its own, beside one good export, and measures what it took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any

GOOD = "good.txt"
LEDGER = (
    "Date\tFNSKU\tASIN\tMSKU\tTitle\tEvent Type\tReference ID\tQuantity\tFulfillment Center\tDisposition\tReason"
    "\tCountry\tReconciled Quantity\tUnreconciled Quantity\tDate and Time\tStore"
)
ROW = (
    "07/16/2026\tX000000001\tB000000001\tSKU-1\tPan\tAdjustments\t20076865361276\t-1\tPHL7\tSELLABLE\tM\tUS\t0\t1"
    "\t2026-07-16T00:00:00-0700\t"
)
TEXT = f"{LEDGER}\n{ROW}\n".encode()
#: What no file may cost.
MOST_MEMORY_MB = 500
#: Far more than any file needs: a bound on hanging, no measure of speed.
PATIENCE = 120


@dataclass(frozen=True)
class Ran:
    """What a command said and took; `report` is its JSON, `peak_mb` the most memory it had."""

    code: int
    report: dict[str, Any]
    errors: str
    peak_mb: int

    def file(self, name: str) -> dict[str, Any]:
        """What the report says of one file."""
        return next(file for file in self.report["files"] if file["file"] == name)

    def refusals(self, name: str) -> list[str]:
        """The refusals that name the file."""
        return [text for text in self.report["refusals"] if text.startswith(name)]


def check(folder: Path) -> Ran:
    """`audit check --json` on the folder, which gets a good export unless it has one."""
    if not (folder / GOOD).exists():
        (folder / GOOD).write_bytes(TEXT)
    code, out, errors, peak = _run("check", str(folder), "--json", "--workspace", str(folder.with_name("workspace")))
    assert "Traceback" not in errors
    assert "unexpected failure" not in errors
    return Ran(code, json.loads(out), errors, peak)


def run(folder: Path, out: Path) -> tuple[int, str, int]:
    """`audit run` on the folder: its exit code, what it said on stderr, and the memory it took."""
    options = ["--out", str(out), "--workspace", str(folder.with_name("workspace")), "--quiet"]
    code, _, errors, peak = _run("run", str(folder), *options)
    assert "Traceback" not in errors
    return code, errors, peak


def _run(*arguments: str) -> tuple[int, str, str, int]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        command = subprocess.Popen([sys.executable, "-m", "auditor", *arguments], stdout=out, stderr=errors)
        watch = Timer(PATIENCE, command.kill)
        watch.start()
        _, status, usage = os.wait4(command.pid, 0)
        watch.cancel()
        command.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        said, complained = out.read().decode(), errors.read().decode(errors="replace")
        return command.returncode, said, complained, usage.ru_maxrss // 1024
