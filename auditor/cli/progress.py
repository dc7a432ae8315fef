"""A progress display for long work: on stderr, on a terminal only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.publish.speech import Speech
    from auditor.request import Request


@contextmanager
def shown(request: Request, speech: Speech, *, quiet: bool) -> Iterator[Request]:
    """The same request, telling a person on a terminal what it is doing."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from auditor.store.reading import Progress as Told

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield request
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as display:
        task = display.add_task(speech.say("looking for exports"), total=sum(_size(path) for path in request.paths))
        yield replace(
            request,
            on_step=lambda step: display.update(task, description=speech.say(step)),
            on_rule=lambda rule: display.update(task, description=speech.say("judging: {rule}", rule=rule)),
            progress=Told(
                on_file=lambda name, index, count: display.update(task, description=f"{index}/{count} {name[-40:]}"),
                on_bytes=lambda count: display.advance(task, count),
            ),
        )


def _size(path: object) -> int:
    from pathlib import Path

    root = Path(str(path))
    parts = root.rglob("*") if root.is_dir() else [root]
    return sum(part.stat().st_size for part in parts if part.is_file())
