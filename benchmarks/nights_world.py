"""Sixty sellers, what happens to each, and what somebody who knows their story expects to be told, to the night."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from nights_exports import DAY, DAYS, WEEKLY, Kind, Lost, Paid, Seller, at


def _without(*names: str, until: int) -> Callable[[Path, int], None]:
    def arrives(folder: Path, night: int) -> None:
        for name in names if night < until else ():
            (folder / name).unlink()

    return arrives


def _unreadable(first: int, last: int) -> Callable[[Path, int], None]:
    """From the first night to the last, the files are pages of an error instead of exports."""

    def arrives(folder: Path, night: int) -> None:
        if first <= night <= last:
            for path in folder.iterdir():
                path.write_text("<html><body>503 Service Unavailable</body></html>\n", "utf-8")

    return arrives


def _strangers(first: int, last: int) -> Callable[[Path, int], None]:
    """From the first night to the last, the folder holds the exports of another seller."""

    def arrives(folder: Path, night: int) -> None:
        if first <= night <= last:
            for path in folder.iterdir():
                path.write_text(path.read_text("utf-8").replace("X0", "X9").replace("FOREIGN", "STRANGER"), "utf-8")

    return arrives


def _nothing(folder: Path, _night: int) -> None:
    for path in folder.iterdir():
        path.unlink()


def _leaving(night: int) -> str:
    stage = "active" if night < 12 else "paused" if night < 20 else "cancelled"
    return f'stage = "{stage}"'


def _new(_night: int) -> str:
    return f'stage = "new"\nsince = {DAY}'


def _trial(night: int) -> str:
    return f'stage = "{"trial" if night < 15 else "active"}"\nsince = {DAY}'


KINDS = (
    Kind("quiet", 23),
    # Lost thirty nights before the first: sixty days to claim, two of them kept in reserve.
    Kind(
        "ladder",
        4,
        [(0, "deadline 30"), (14, "deadline 14"), (21, "deadline 7"), (25, "deadline 3"), (27, "deadline 1")],
        lost=[Lost(-30, 3)],
        gone={"deadline 1": 31},  # the last day was the thirtieth
    ),
    # The same, filed on the twentieth night and never answered.
    Kind(
        "filed",
        3,
        [
            (0, "deadline 30"),
            (14, "deadline 14"),
            (24, "unanswered 4"),
            (34, "unanswered 14"),
        ],
        lost=[Lost(-30, 3)],
        moves={20: "filed"},
        gone={"deadline 14": 20},
    ),
    # Amazon asks for something, and a week goes by.
    Kind(
        "asked",
        2,
        [(6, "unanswered 4"), (8, "information 7"), (13, "information 2")],
        lost=[Lost(-5, 2)],
        moves={2: "filed", 8: "info_needed", 16: "in_progress", 17: "denied"},
        gone={"information 2": 16},
    ),
    # Twenty units at once in one building, in an account that loses one now and then; found again later.
    Kind(
        "wave",
        4,
        [(10, "wave 1")],
        lost=[Lost(10, 5, "BBB2", 25, product) for product in (0, 3, 5, 7)],
        exports=WEEKLY | {10},
        gone={"wave 1": 28},
    ),
    # The same, never found: its deadline comes closer as well.
    Kind(
        "hit",
        2,
        [(10, "wave 1"), (38, "deadline 30")],
        lost=[Lost(10, 5, "CCC3", None, product) for product in (0, 3, 5, 7)],
        exports=WEEKLY | {10},
    ),
    Kind(
        "stale",
        4,
        [(17, "stale 1"), (31, "stale 2")],
        exports=frozenset({0, 2, 38}),
        gone={"stale 2": 38},
    ),
    Kind(
        "broken",
        3,
        [(5, "failed 1"), (30, "failed 1")],
        exports=WEEKLY | {5, 9, 30, 31},
        arrives=lambda folder, night: (_unreadable(5, 8)(folder, night), _unreadable(30, 30)(folder, night))[0],
        fails=frozenset({5, 6, 7, 8, 30}),
        gone={"failed 1": 31},
    ),
    Kind(
        "foreign",
        3,
        [(6, "failed 1")],
        exports=WEEKLY | {6, 10},
        arrives=_strangers(6, 9),
        fails=frozenset({6, 7, 8, 9}),
        gone={"failed 1": 10},
    ),
    Kind("empty", 2, [(0, "failed 1")], arrives=_nothing, fails=frozenset(range(DAYS)), exports=frozenset({0})),
    # New, with a ledger alone: costs come after a week. Nothing waits for an export, and the loss comes nearer.
    Kind(
        "new",
        2,
        [
            (0, "checklist start"),
            (0, "costs 1"),
            (0, "life new"),
            (14, "checklist 14"),
            (19, "deadline 30"),
            (35, "deadline 14"),
            (42, "deadline 7"),
        ],
        lost=[Lost(-9, 2)],
        arrives=_without("reimbursements.txt", "costs.csv", until=7),
        settings=_new,
        gone={"costs 1": 7},
    ),
    # New, and nobody does anything.
    Kind(
        "stalled",
        2,
        [(0, "checklist start"), (0, "life new"), (7, "checklist stalled"), (14, "checklist 14")],
        lost=[Lost(-9, 2, found=3)],
        settings=_new,
    ),
    Kind(
        "trial",
        1,
        [
            (0, "checklist start"),
            (0, "life trial"),
            (7, "checklist stalled"),
            (14, "checklist 14"),
            (15, "life active"),
        ],
        settings=_trial,
        gone={"checklist 14": 15},
    ),
    Kind(
        "leaving",
        1,
        [(0, "deadline 30"), (12, "life paused"), (14, "deadline 14"), (20, "life cancelled")],
        lost=[Lost(-30, 3)],
        settings=_leaving,
        gone={"deadline 14": 20},
    ),
    Kind("renewal", 1, [(10, "renewal 30"), (33, "renewal 7")], settings=lambda _: f"renewal = {at(40)}"),
    # Paid far below its cost on the twelfth night; seen with the export of the fourteenth.
    Kind(
        "underpaid",
        1,
        [(14, "underpaid 1"), (40, "deadline 30")],
        lost=[Lost(2, 2, paid=12)],
        paid=[Paid(12, 2, Decimal("4.00"))],
    ),
    # Paid long ago, taken back on the eleventh night.
    Kind(
        "reversed",
        1,
        [(14, "reversed 1"), (39, "deadline 30")],
        lost=[Lost(-40, 2, paid=-20)],
        paid=[Paid(-20, 2), Paid(11, -2, takes_back=0)],
    ),
    Kind("huge", 1, trades=100),
)
SELLERS = tuple(Seller(kind, number) for kind in KINDS for number in range(kind.count))
