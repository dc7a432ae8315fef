"""Does the case log stay whole when many move its cases at once, and when they are killed in the middle of it?

    python benchmarks/case_log.py [--seconds 60] [--processes 8] [--moves 1000] [--out benchmarks/case_log.md]

On SQLite, and on PostgreSQL where a server is installed: so many processes move the cases of one account for so long;
then one process after the other is killed at a random moment until so many moves are done. Every case must stand where
its history ends, each line of it must follow from the one before, and no move may be lost or doubled. Exit 1 if not.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from auditor.claims.cases.learning import learn  # noqa: E402
from auditor.claims.cases.log import CaseLog  # noqa: E402
from tests.claims.cases import server  # noqa: E402
from tests.claims.cases.conftest import audited, finding  # noqa: E402
from tests.claims.cases.walking import story_holds, walk  # noqa: E402

CASES = 40
WALKER = (
    "import sys; sys.path.insert(0, sys.argv[3]); from tests.claims.cases.walking import walk;"
    "print('ready', flush=True); [walk(sys.argv[1], seed) for seed in range(int(sys.argv[2]), 10**9)]"
)


def many_at_once(log: CaseLog, processes: int, seconds: float) -> tuple[int, int]:
    """The moves that the processes say they did, and the lines that the log has of them."""
    before, until = story_holds(log), time.monotonic() + seconds
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        runs = [pool.submit(walk, log.url, seed, until, 10**9) for seed in range(processes)]
        done = sum(run.result() for run in runs)
    return done, story_holds(log) - before


def killed(log: CaseLog, moves: int) -> tuple[int, int]:
    """How many processes were killed until so many moves were done, and those moves; each time the log is checked."""
    chance, kills, first = Random(7), 0, story_holds(log)
    lines = first
    while lines - first < moves:
        command = [sys.executable, "-c", WALKER, log.url, str(kills * 1000), str(ROOT)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        time.sleep(0.05 + chance.random() / 2)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kills += 1
        now = story_holds(log)
        assert now >= lines, "a move was lost"
        lines = now
    return kills, lines - first


def main() -> int:
    """Print a line for each database."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--moves", type=int, default=1000)
    parser.add_argument("--out", type=Path, help="write the table to this Markdown file")
    options = parser.parse_args()
    rows, whole = [], True
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = {"SQLite": f"sqlite:///{folder / 'cases.db'}"}
        if programs := server.programs():
            urls["PostgreSQL"] = stack.enter_context(server.running(programs))
        for name, url in urls.items():
            log = CaseLog(url)
            learn(log, audited("2026-05-10", *(finding(number) for number in range(1, CASES + 1))))
            done, kept = many_at_once(log, options.processes, options.seconds)
            kills, moved = killed(log, options.moves)
            whole = whole and done == kept
            rows.append(f"| {name} | {options.processes} | {options.seconds:g} | {done} | {kept} | {kills} | {moved} |")
            print(rows[-1], flush=True)
            log.engine.dispose()
    if options.out:
        options.out.write_text(HEAD + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return 0 if whole else 1


HEAD = """# The case log under stress

Processes that move the cases of one account at once, and processes that are killed in the middle of a move
(`benchmarks/case_log.py`). After each, every case stands where its history ends and each line follows from the one
before.

| database | processes | seconds | moves done | moves in the log | processes killed | moves meanwhile |
|---|---:|---:|---:|---:|---:|---:|
"""


if __name__ == "__main__":
    sys.exit(main())
