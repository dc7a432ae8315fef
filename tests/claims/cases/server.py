"""A PostgreSQL server of one's own, for as long as it is needed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def programs() -> Path | None:
    """The folder of the server's programs; None where none is installed."""
    found = [p for p in (shutil.which("initdb"), *Path("/usr/lib/postgresql").glob("*/bin/initdb")) if p]
    return Path(found[0]).resolve().parent if found else None


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """A server with an empty data folder of its own, by the URL of its first database."""
    account: dict[str, Any] = {"user": "nobody"} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory() as name:
        data = Path(name)
        if account:
            shutil.chown(data, user="nobody")
        port = free_port()
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **account}
        options = f"-c listen_addresses=127.0.0.1 -p {port} -k {data} -c fsync=off"
        start = ["-w", "-o", options, "-l", str(data / "log"), "start"]
        subprocess.run([folder / "initdb", "-D", data / "db", "-U", "audit", "-A", "trust"], check=True, **quiet)
        subprocess.run([folder / "pg_ctl", "-D", data / "db", *start], check=True, **quiet)
        try:
            yield f"postgresql://audit@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([folder / "pg_ctl", "-D", data / "db", "-m", "immediate", "stop"], check=True, **quiet)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])
