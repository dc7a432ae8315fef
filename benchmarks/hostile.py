"""What each hostile file costs, alone beside one good export: seconds of a core, memory, and whether all is well.

    python benchmarks/hostile.py [--file bomb.zip]

The files are those of tests/hostile/corpus.py. Exits with 1 when one takes more than 5 seconds or 500 MB, or keeps the
good export from being read.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.hostile.command import GOOD, MOST_MEMORY_MB, Ran, check
from tests.hostile.corpus import LARGE, LEFT_ALONE, READ, REFUSED, in_a_loop

MOST_SECONDS = 5
LONGEST_ANSWER = 70


def main() -> int:
    """Check each file, print the table; 1 when one costs too much."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", help="Only this file, by its name in the corpus.")
    only = parser.parse_args().file
    table = Table(box=None, pad_edge=False)
    for name in ("file", "answer", "seconds", "MB"):
        table.add_column(
            name, justify="right" if name in {"seconds", "MB"} else "left", overflow="ellipsis", no_wrap=True
        )
    dear = []
    for name, write in _files().items():
        if only in (None, name):
            ran = _checked(name, write)
            table.add_row(repr(name)[1:-1], _answer(ran), f"{ran.seconds:.1f}", str(ran.peak_mb))
            if not _is_well(ran):
                dear.append(name)
    Console(width=140).print(table, markup=False)
    for name in dear:
        print(f"{name}: more than {MOST_SECONDS} seconds or {MOST_MEMORY_MB} MB, or others unread", file=sys.stderr)
    return 1 if dear else 0


def _files() -> dict[str, Callable[[Path], object]]:
    """What writes each file of the corpus, by its name; pipes and links are written together."""
    small = {name: content for part in (REFUSED, LEFT_ALONE, READ) for name, (content, *_) in part.items()}
    writers: dict[str, Callable[[Path], object]] = {name: _bytes(content) for name, content in small.items()}
    writers |= {name: write for name, (write, _, _) in LARGE.items()}
    return writers | {"pipes, loops, links out": lambda path: in_a_loop(path.parent)}


def _bytes(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def _checked(name: str, write: Callable[[Path], object]) -> Ran:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "exports"
        folder.mkdir()
        write(folder / name)
        return check(folder)


def _answer(ran: Ran) -> str:
    """The first thing that is said of the file."""
    others = [file for file in ran.report["files"] if file["file"] != GOOD]
    read = [f"{file['rows_read']} rows, {file['rows_rejected']} rejected" for file in others if file["report"]]
    said = [*ran.report["refusals"], *(file["why_unknown"] for file in others), *read]
    return next((" ".join(text.split()) for text in said if text), "")[:LONGEST_ANSWER]


def _is_well(ran: Ran) -> bool:
    good = ran.file(GOOD)["rows_read"] == 1
    return good and ran.seconds <= MOST_SECONDS and ran.peak_mb <= MOST_MEMORY_MB


if __name__ == "__main__":
    raise SystemExit(main())
