"""Watching over the process of an account: one that hangs, takes too much memory or dies is ended and named.

A process is used for several accounts, because starting one costs about a second; after an accident, and after some
accounts, there is a new one. It takes one processor, unless AUDIT_PROCESSORS says otherwise: several accounts side by
side are done sooner than one after the other on all processors. A thread watches each: so the same works in the threads
of a batch and in those of a Dask worker.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, BinaryIO, cast

from auditor.accounts.job import Job, Outcome, failed
from auditor.accounts.worker import STARTED, decoded, encoded
from auditor.processors import PROCESSORS

ENTRY = "auditor.accounts.one_account:audit_account"
#: Accounts after which a process makes room for a new one: memory that was given back to no one goes with it.
FRESH_AFTER = 25
_LOOK_EVERY = 0.1
_TO_START = 60.0
_MIB = 1024 * 1024


class Child:
    """One worker process and what it says."""

    def __init__(self, entry: str) -> None:
        self.entry = entry
        self.accounts = 0
        self.errors = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "auditor.accounts.worker", entry],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            env={PROCESSORS: "1"} | os.environ,
        )
        self._stdin, self._stdout = cast("BinaryIO", self.process.stdin), cast("BinaryIO", self.process.stdout)
        self._said: SimpleQueue[Any] = SimpleQueue()
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def work(self, job: Job) -> Outcome:
        """Hand over the job and wait for its outcome, or end the process at a limit."""
        self.accounts += 1
        begun, peak = time.monotonic(), 0
        until, waiting = begun + job.time_limit + _TO_START, True
        try:
            self._stdin.write(encoded(job))
            self._stdin.flush()
        except OSError:
            return self._died(job)
        while True:
            with suppress(Empty):
                said = self._said.get(timeout=_LOOK_EVERY)
                if isinstance(said, Outcome):
                    return _measured(said, begun, peak)
                if said != STARTED:
                    return _measured(self._died(job), begun, peak)
                until, waiting = time.monotonic() + job.time_limit, False
            peak = max(peak, resident(self.process.pid))
            if time.monotonic() > until:
                self.end()
                return _measured(_too_long(job, waiting=waiting), begun, peak)
            if peak > job.memory_limit:
                self.end()
                return _measured(_too_much(job), begun, peak)

    def end(self) -> None:
        """End the process, at once."""
        with suppress(OSError):
            self.process.kill()
        self.process.wait()
        self._reader.join()
        for stream in (self._stdin, self._stdout, self.errors):
            with suppress(OSError):
                stream.close()

    @property
    def usable(self) -> bool:
        """Whether the process can take another account."""
        return self.process.poll() is None and self.accounts < FRESH_AFTER

    def _listen(self) -> None:
        with suppress(ValueError, EOFError):
            for line in self._stdout:
                self._said.put(decoded(line))
        self._said.put(None)

    def _died(self, job: Job) -> Outcome:
        code = self.process.wait()
        how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
        last = self._last_words()
        return failed(job, f"the process of the account ended {how}{f' ({last})' if last else ''}.")

    def _last_words(self) -> str:
        lines: list[str] = []
        with suppress(OSError, ValueError):
            self.errors.seek(0)
            lines = self.errors.read().decode("utf-8", "replace").split("\n")
        return next((line.strip()[:200] for line in reversed(lines) if line.strip()), "")


_idle: list[Child] = []
_busy: set[Child] = set()
_guard = threading.Lock()


def supervised(job: Job, entry: str = ENTRY, *, fresh: bool = False) -> Outcome:
    """The outcome of the job in a process that is watched; `fresh` asks for a new one. Raises nothing."""
    try:
        child = _taken(entry, fresh=fresh)
    except OSError as error:
        return failed(job, f"no process could be started: {error.strerror or error}.", "Use fewer --jobs.")
    outcome = child.work(job)
    with _guard:
        _busy.discard(child)
        if child.usable:
            _idle.append(child)
            return outcome
    child.end()
    return outcome


def end_all() -> None:
    """End every process, also those at work."""
    with _guard:
        children = [*_idle, *_busy]
        _idle.clear()
    for child in children:
        child.end()


def resident(pid: int) -> int:
    """The resident memory of a process in MiB; 0 where the system does not tell."""
    with suppress(OSError, ValueError, IndexError):
        if sys.platform == "linux":
            pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
            return pages * os.sysconf("SC_PAGE_SIZE") // _MIB
        if sys.platform != "win32":
            told = subprocess.run(  # noqa: S603
                ["/bin/ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False
            )
            return int(told.stdout) // 1024
    return 0


def _taken(entry: str, *, fresh: bool) -> Child:
    with _guard:
        child = next((one for one in _idle if one.entry == entry and not fresh), None)
        if child is not None:
            _idle.remove(child)
    child = child or Child(entry)
    with _guard:
        _busy.add(child)
    return child


def _measured(outcome: Outcome, begun: float, peak: int) -> Outcome:
    return replace(outcome, seconds=round(time.monotonic() - begun, 3), peak_memory=peak)


def _too_long(job: Job, *, waiting: bool) -> Outcome:
    if waiting:
        return failed(job, "the process of the account did not begin in time.")
    remedy = "Give it more with --time-limit or thresholds.time_limit_s."
    return failed(job, f"the audit took longer than {job.time_limit:g} s and was ended.", remedy)


def _too_much(job: Job) -> Outcome:
    remedy = "Give it more with --memory-limit or thresholds.memory_limit_mb, or run fewer --jobs."
    return failed(job, f"the audit took more than {job.memory_limit} MiB of memory and was ended.", remedy)
