"""Bounds on what an archive may unpack to: a small file must not fill the machine."""

from __future__ import annotations

import io
from typing import Any, BinaryIO

from auditor.model import Problem

MAX_MEMBERS = 10_000
MAX_UNPACKED = 4 * 1024**3
MAX_RATIO = 200
# Below this an archive harms nobody, however well it packs.
HARMLESS = 1_000_000


class TooMuchUnpackedError(OSError):
    """Raised while reading once a packed file grows past the bounds."""


def too_much(unpacked: int, packed: int) -> str:
    """Why so many unpacked bytes out of so many packed ones are refused, or nothing."""
    if unpacked > MAX_UNPACKED:
        return f"it unpacks to more than {MAX_UNPACKED // 1024**3} GB"
    if unpacked > HARMLESS and unpacked > MAX_RATIO * max(packed, 1):
        return f"it unpacks to more than {MAX_RATIO} times its size"
    return ""


def refusal(name: str, why: str) -> Problem:
    """The problem that an archive is not unpacked."""
    return Problem(f"The archive is not unpacked: {why}.", "Unpack it yourself and give the folder.", name)


class Bounded(io.RawIOBase):
    """A stream that stops with TooMuchUnpackedError once it has given more than the bounds allow."""

    def __init__(self, stream: BinaryIO | io.BufferedIOBase, packed: int) -> None:
        super().__init__()
        self._stream = stream
        self._packed = packed
        self._given = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes; none at the end. Raises TooMuchUnpackedError."""
        data = self._stream.read(size if size >= 0 else MAX_UNPACKED + 1)
        self._given += len(data)
        if why := too_much(self._given, self._packed):
            raise TooMuchUnpackedError(why)
        return data

    def readinto(self, buffer: Any, /) -> int:
        """Fill the buffer and say how far."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close what it reads from."""
        self._stream.close()
        super().close()
