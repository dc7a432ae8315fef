"""Sixty sellers whose downloads arrive night by night, and what somebody who knows their story expects to be told."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

DAY = date(2026, 5, 4)
DAYS = 45
PAST = 200
WEEKLY = frozenset(range(0, DAYS, 7))
COST = Decimal("10.00")
CURRENCY = {"US": "USD", "UK": "GBP", "DE": "EUR", "JP": "JPY"}
COUNTRY = {"US": "US", "UK": "GB", "DE": "DE", "JP": "JP"}
MARKETS = tuple(CURRENCY)
BUILDINGS = ("AAA1", "BBB2", "CCC3", "DDD4")
PRODUCTS = 12

LEDGER = (
    "Date", "FNSKU", "ASIN", "MSKU", "Title", "Event Type", "Reference ID", "Quantity", "Fulfillment Center",
    "Disposition", "Reason", "Country", "Reconciled Quantity", "Unreconciled Quantity", "Date and Time", "Store",
)  # fmt: skip
PAYMENTS = (
    "approval-date", "reimbursement-id", "case-id", "amazon-order-id", "reason", "sku", "fnsku", "asin",
    "product-name", "condition", "currency-unit", "amount-per-unit", "amount-total", "quantity-reimbursed-cash",
    "quantity-reimbursed-inventory", "quantity-reimbursed-total", "original-reimbursement-id",
    "original-reimbursement-type",
)  # fmt: skip

Expected = Sequence[tuple[int, str]]


def at(night: int) -> date:
    """The day of a night; nights before the first one are negative."""
    return DAY + timedelta(days=night)


@dataclass(frozen=True, slots=True)
class Lost:
    """Units lost in a building on a night, and the night on which they are found again or paid for, if they are."""

    night: int
    units: int
    building: str = BUILDINGS[0]
    found: int | None = None
    product: int = 0
    paid: int | None = None

    @property
    def reference(self) -> str:
        """What the ledger calls the event: no two of an account share a day and a product."""
        return f"20{self.night + PAST:06}{self.product:06}"


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment for units of a product; `takes_back` is the number of the payment that it reverses."""

    night: int
    units: int
    each: Decimal = COST
    product: int = 0
    takes_back: int | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of account: how many there are, what happens to them, and what is expected to be told, to the day.

    `exports` are the nights on which new downloads arrive. `arrives` changes the files of a night; `settings` are the
    lines of its table in accounts.toml on a night; `moves` are moves of its case: (state, case ID or "").
    `gone` are alerts that must be withdrawn, by the night. `fails` are the nights on which its audit must fail.
    """

    name: str
    count: int
    expected: Expected = ()
    lost: Sequence[Lost] = ()
    paid: Sequence[Paid] = ()
    exports: frozenset[int] = WEEKLY
    trades: int = 1
    arrives: Callable[[Path, int], None] = lambda *_: None
    settings: Callable[[int], str] = lambda _: ""
    moves: Mapping[int, str] = field(default_factory=dict)
    gone: Mapping[str, int] = field(default_factory=dict)
    fails: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Seller:
    """One account of the list."""

    kind: Kind
    number: int

    @property
    def id(self) -> str:
        return f"{self.kind.name}_{self.number:02}"

    @property
    def market(self) -> str:
        return MARKETS[self.number % len(MARKETS)]

    def sku(self, product: int) -> str:
        return f"{self.id.upper()}-{product:02}"

    def fnsku(self, product: int) -> str:
        return f"X0{self.number:03}{product:05}"


def download(seller: Seller, folder: Path, night: int) -> None:
    """The files of a night, in place of those of before: whole exports up to the day."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write(folder / "ledger.txt", LEDGER, ledger_rows(seller, night))
    write(folder / "reimbursements.txt", PAYMENTS, payment_rows(seller, night))
    currency = CURRENCY[seller.market]
    costs = [f"{seller.sku(product)},{COST:.0f},{currency},2025-01-01" for product in range(PRODUCTS)]
    (folder / "costs.csv").write_text("\n".join(["sku,unit-cost,currency,effective-from", *costs, ""]), "utf-8")
    seller.kind.arrives(folder, night)


def ledger_rows(seller: Seller, night: int) -> list[dict[str, str]]:
    """Sales of every day, ordinary losses that Amazon finds again, and what the seller's story tells."""
    rows = []
    for day in range(-PAST, night + 1):
        if day == -PAST:
            rows += [row(seller, day, p, "Receipts", f"FBA{seller.number:03}{p:05}", 500) for p in range(PRODUCTS)]
        for sale in range(seller.kind.trades):
            rows.append(row(seller, day, sale % PRODUCTS, "Shipments", f"9{day + PAST:05}{sale:03}", -1))
    story = [*ordinary(seller, night), *seller.kind.lost]
    for lost in (lost for lost in story if lost.night <= night):
        found = lost.found is not None and lost.found <= night
        settled = found or (lost.paid is not None and lost.paid <= night)
        figures = {
            "Reconciled Quantity": str(lost.units if settled else 0),
            "Unreconciled Quantity": str(0 if settled else lost.units),
        }
        reference = lost.reference
        rows.append(row(seller, lost.night, lost.product, "Adjustments", reference, -lost.units, "M", lost.building))
        rows[-1] |= figures
        if found and lost.found is not None:
            rows.append(
                row(
                    seller, lost.found, lost.product, "Adjustments", f"3{reference[1:]}", lost.units, "F", lost.building
                )
            )
    return rows


def ordinary(seller: Seller, night: int) -> list[Lost]:
    """What every account loses: one or two units now and then, found again within six days. The same every night."""
    made = []
    for day in range(-PAST, night + 1):
        draw = random.Random(f"{seller.id} {day}")
        if draw.random() < 0.12:
            building = draw.choice(BUILDINGS)
            made.append(
                Lost(day, draw.choice((1, 1, 2)), building, day + draw.randint(2, 6), draw.randrange(1, PRODUCTS))
            )
    return made


def row(
    seller: Seller, night: int, product: int, event: str, reference: str, units: int, reason: str = "", place: str = ""
) -> dict[str, str]:
    day = at(night)
    return {
        "Date": f"{day:%m/%d/%Y}",
        "FNSKU": seller.fnsku(product),
        "ASIN": f"B0{seller.number:03}{product:05}",
        "MSKU": seller.sku(product),
        "Title": f"Jar No. {product}",
        "Event Type": event,
        "Reference ID": reference,
        "Quantity": str(units),
        "Fulfillment Center": place or BUILDINGS[product % len(BUILDINGS)],
        "Disposition": "SELLABLE",
        "Reason": reason,
        "Country": COUNTRY[seller.market],
        "Date and Time": f"{day}T00:00:00-0700",
    }


def payment_rows(seller: Seller, night: int) -> list[dict[str, str]]:
    """A payment for an order each week, so that the export covers every day, and those of the story."""
    weekly = [Paid(day, 1, product=1) for day in range(-PAST, night + 1, 3)]
    story = [paid for paid in seller.kind.paid if paid.night <= night]
    rows = []
    for number, paid in enumerate([*weekly, *story]):
        own = paid in story
        reason = (
            "Reimbursement_Reversal"
            if paid.takes_back is not None
            else "Lost_Warehouse"
            if own
            else "CustomerServiceIssue"
        )
        original = f"7{seller.number:03}{9000 + paid.takes_back}" if paid.takes_back is not None else ""
        digits = 0 if seller.market == "JP" else 2
        sign = -1 if paid.units < 0 else 1
        rows.append(
            {
                "approval-date": f"{at(paid.night)}T16:00:00+00:00",
                "reimbursement-id": f"7{seller.number:03}{9000 + story.index(paid) if own else 1000 + number}",
                "amazon-order-id": "" if own else f"111-{seller.number:03}{number:04}-0000009",
                "reason": reason,
                "sku": seller.sku(paid.product),
                "fnsku": seller.fnsku(paid.product),
                "asin": f"B0{seller.number:03}{paid.product:05}",
                "product-name": f"Jar No. {paid.product}",
                "condition": "NewItem",
                "currency-unit": CURRENCY[seller.market],
                "amount-per-unit": f"{sign * paid.each:.{digits}f}",
                "amount-total": f"{paid.units * paid.each:.{digits}f}",
                "quantity-reimbursed-cash": str(paid.units),
                "quantity-reimbursed-inventory": "0",
                "quantity-reimbursed-total": str(paid.units),
                "original-reimbursement-id": original,
                "original-reimbursement-type": "Lost_Warehouse" if original else "",
            }
        )
    return rows


def write(path: Path, header: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    lines = ["\t".join(header), *("\t".join(each.get(name, "") for name in header) for each in rows), ""]
    path.write_text("\n".join(lines), encoding="utf-8")


# --- the stories ------------------------------------------------------------------------------------------------


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
