"""Runs the command as a process of its own, beside one good export, and measures what it took."""

from __future__ import annotations

import json
import os
import re
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
#: Runs the command and leaves a note of its memory: what the system counts for a child begins with its parent's.
WATCHED = """
import atexit, pathlib, runpy, sys
note, status = pathlib.Path(sys.argv.pop(1)), pathlib.Path("/proc/self/status")
atexit.register(lambda: status.exists() and note.write_text(status.read_text()))
runpy.run_module("auditor", run_name="__main__", alter_sys=True)
"""
#: Far more than any file needs: a bound on hanging, no measure of speed.
PATIENCE = 120


@dataclass(frozen=True)
class Ran:
    """What a command said and took: `report` is its JSON, `peak_mb` its most memory, `seconds` the time of a core."""

    code: int
    report: dict[str, Any]
    errors: str
    peak_mb: int
    seconds: float

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
    code, out, errors, peak, seconds = _run(
        "check", str(folder), "--json", "--workspace", str(folder.with_name("workspace"))
    )
    assert "Traceback" not in errors
    assert "unexpected failure" not in errors
    assert out, f"nothing was said; exit code {code}: {errors}"
    return Ran(code, json.loads(out), errors, peak, seconds)


def run(folder: Path, out: Path) -> tuple[int, str, int]:
    """`audit run` on the folder: its exit code, what it said on stderr, and the memory it took."""
    options = ["--out", str(out), "--workspace", str(folder.with_name("workspace")), "--quiet"]
    code, _, errors, peak, _ = _run("run", str(folder), *options)
    assert "Traceback" not in errors
    return code, errors, peak


def _run(*arguments: str) -> tuple[int, str, str, int, float]:
    """Exit code, stdout, stderr, peak memory in MB and seconds of a core."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors, tempfile.NamedTemporaryFile() as status:
        watched = [sys.executable, "-c", WATCHED, status.name, *arguments]
        command = subprocess.Popen(watched, stdout=out, stderr=errors)
        watch = Timer(PATIENCE, command.kill)
        watch.start()
        _, ended, usage = os.wait4(command.pid, 0)
        watch.cancel()
        command.returncode = os.waitstatus_to_exitcode(ended)
        out.seek(0)
        errors.seek(0)
        said, complained = out.read().decode(), errors.read().decode(errors="replace")
        peak = re.search(r"VmHWM:\s+([0-9]+)", status.read().decode())
        kilobytes = int(peak[1]) if peak else usage.ru_maxrss
        return command.returncode, said, complained, kilobytes // 1024, usage.ru_utime + usage.ru_stime
