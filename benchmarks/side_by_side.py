"""Whole processes measured in turn, and the table of what came out."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """One finished process: wall and processor seconds, peak resident megabytes."""

    seconds: float
    processor: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; ratios are to the line above it that has none."""

    what: str
    wall: str
    processor: str
    seconds: float
    megabytes: float


def run(code: str, *arguments: object) -> Measured:
    """Run Python code in a process of its own; `-m` code runs a module. Raises SystemExit when it fails."""
    how = ["-m", *code.split()[1:]] if code.startswith("-m ") else ["-c", code]
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *how, *map(str, arguments)], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"failed: {code}")
    return Measured(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def in_turn(sides: Mapping[str, Callable[[int], Measured]], runs: int) -> list[Row]:
    """Run each side once per turn, the first turn only to warm up, and tell what came out; ratios are to the first."""
    turns = [[side(turn) for side in sides.values()] for turn in range(runs + 1)]
    kept = turns[1:]
    rows = []
    for place, what in enumerate(sides):
        wall = statistics.median(t[place].seconds / t[0].seconds for t in kept)
        processor = statistics.median(t[place].processor / t[0].processor for t in kept)
        seconds = statistics.median(t[place].processor for t in kept)
        rows.append(Row(what, f"{wall:.2f}", f"{processor:.2f}", seconds, max(t[place].megabytes for t in kept)))
    print(*(as_line(row) for row in rows), sep="\n", file=sys.stderr, flush=True)
    return rows


def as_line(row: Row) -> str:
    """The row as a line of a Markdown table."""
    return f"| {row.what} | {row.wall} | {row.processor} | {row.seconds:.2f} | {row.megabytes:.0f} |"


def as_table(rows: Sequence[Row], runs: int) -> str:
    """The table as Markdown."""
    lines = [
        "# Speed and memory",
        "",
        f"Whole processes on {os.cpu_count()} cores that other work shares, {runs} runs of each side in turn. Ratios",
        "are medians of the ratios of single turns, to the row above that has 1.00; processor time is user and system",
        "time of the process, which other work lengthens less than wall time. Memory is the highest peak of all runs.",
        "",
        "| process | ratio of wall time | ratio of processor time | processor time, s | peak memory, MB |",
        "|---|---:|---:|---:|---:|",
        *map(as_line, rows),
    ]
    return "\n".join(lines) + "\n"
