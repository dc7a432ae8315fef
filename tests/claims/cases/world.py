"""A seller and an Amazon that follow a script: the exports of each day, and what Amazon answers to each claim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

FIRST = date(2026, 3, 2)
COST = Decimal("10.00")


def columns(text: str) -> list[str]:
    """The names of a header."""
    return text.split(",")


LEDGER = columns(
    "Date,FNSKU,ASIN,MSKU,Title,Event Type,Reference ID,Quantity,Fulfillment Center,Disposition,Reason,Country,"
    "Reconciled Quantity,Unreconciled Quantity,Date and Time,Store"
)
REIMBURSEMENTS = columns(
    "approval-date,reimbursement-id,case-id,amazon-order-id,reason,sku,fnsku,asin,product-name,condition,currency-unit,"
    "amount-per-unit,amount-total,quantity-reimbursed-cash,quantity-reimbursed-inventory,quantity-reimbursed-total,"
    "original-reimbursement-id,original-reimbursement-type"
)
ORDERS = columns(
    "amazon-order-id,merchant-order-id,purchase-date,last-updated-date,order-status,fulfillment-channel,sales-channel,"
    "order-channel,url,ship-service-level,product-name,sku,asin,item-status,quantity,currency,item-price,item-tax,"
    "shipping-price,shipping-tax,gift-wrap-price,gift-wrap-tax,item-promotion-discount,ship-promotion-discount,"
    "ship-city,ship-state,ship-postal-code,ship-country,promotion-ids,is-business-order,purchase-order-number,"
    "price-designation"
)
RETURNS = columns(
    "return-date,order-id,sku,asin,fnsku,product-name,quantity,fulfillment-center-id,detailed-disposition,reason,status,"
    "license-plate-number,customer-comments"
)
SETTLEMENT = columns(
    "settlement-id,settlement-start-date,settlement-end-date,deposit-date,total-amount,currency,transaction-type,order-id,"
    "merchant-order-id,adjustment-id,shipment-id,marketplace-name,amount-type,amount-description,amount,fulfillment-id,"
    "posted-date,posted-date-time,order-item-code,merchant-order-item-id,merchant-adjustment-item-id,sku,"
    "quantity-purchased,promotion-id"
)


@dataclass(frozen=True, slots=True)
class Does:
    """What happens `after` days: since the day of filing for Amazon's answers, since the event for everything else.

    `what` is answer, pay, auto_pay, find, reverse, withdraw or import; `value` is the answer, or units of it; `each` is
    what a unit is paid.
    """

    after: int
    what: str
    value: str | int = ""
    each: Decimal = COST
    names_case: bool = True


@dataclass(frozen=True, slots=True)
class Story:
    """One loss (or refund without a return) of a product on day `on`, what comes of it, and how its case ends.

    `of` names the story whose payment this one disputes.
    """

    name: str
    on: int
    units: int
    script: Sequence[Does]
    ends: tuple[str, str]
    kind: str = "lost"
    product: int = 0
    files: bool = True
    of: str = ""


@dataclass(slots=True)
class World:
    """All rows so far. `filed_on` is the day on which each story was filed, by its name."""

    stories: Sequence[Story]
    today: date = FIRST
    ledger: list[dict[str, str]] = field(default_factory=list)
    payments: list[dict[str, str]] = field(default_factory=list)
    orders: list[dict[str, str]] = field(default_factory=list)
    returns: list[dict[str, str]] = field(default_factory=list)
    refunds: list[dict[str, str]] = field(default_factory=list)
    filed_on: dict[str, date] = field(default_factory=dict)
    case_ids: dict[str, str] = field(default_factory=dict)

    def product(self, story: Story) -> str:
        """The number of the story's product, in two digits."""
        original = next((s for s in self.stories if s.name == story.of), story)
        return f"{original.product or self.stories.index(original) + 1:02}"

    def reference(self, story: Story) -> str:
        """What the rows of the story are known by: the ledger's reference, or the order."""
        number = self.stories.index(story) + 1
        if story.of:
            return f"7{self.product(story)}001"
        return f"111-00000{number:02}-0000001" if story.kind == "refund" else f"2026{number:02}0000"

    def lives(self, today: date) -> None:
        """Everything that happens on a day without the seller: events, Amazon's own payments, ordinary trade."""
        self.today = today
        if today == FIRST:
            for number in sorted({self.product(story) for story in self.stories}):
                self._ledger_row(number, "Receipts", f"FBA15ABCDE{number}", 20, "")
        self._trade()
        for story in self.stories:
            if FIRST + timedelta(story.on) == today and not story.of:
                self._begin(story)
            for does in self._due(story):
                self._do(story, does)

    def answers(self) -> Iterator[tuple[Story, Does]]:
        """What Amazon answers today, and what the seller withdraws."""
        for story in self.stories:
            yield from ((story, does) for does in self._due(story) if does.what in {"answer", "withdraw"})

    def imported(self) -> Iterator[Story]:
        """The stories that another service filed today."""
        yield from (story for story in self.stories if any(d.what == "import" for d in self._due(story)))

    def _due(self, story: Story) -> list[Does]:
        begun = FIRST + timedelta(story.on)
        filed = self.filed_on.get(story.name)
        due = []
        for does in story.script:
            since = filed if does.what in {"answer", "pay", "reverse"} else begun
            if since and since + timedelta(does.after) == self.today:
                due.append(does)
        return due

    def _begin(self, story: Story) -> None:
        if story.kind == "refund":
            self._refund(story)
        else:
            self._moved(story, -story.units, "M", story.units)

    def _moved(self, story: Story, quantity: int, reason: str, open_units: int | None = None) -> None:
        number = self.product(story)
        figures = {} if open_units is None else {"Reconciled Quantity": "0", "Unreconciled Quantity": str(open_units)}
        self._ledger_row(number, "Adjustments", self.reference(story), quantity, reason, **figures)

    def _reconciled(self, story: Story, units: int) -> None:
        """Amazon's own figures follow what it finds and pays, the oldest loss of the product first.

        Whether they rise again when a payment is taken back is not known; here they do not.
        """
        number = self.product(story)
        for row in self.ledger:
            if row["FNSKU"] == f"X0000000{number}" and row.get("Unreconciled Quantity") and row["Reason"] == "M":
                done, open_units = int(row["Reconciled Quantity"]), int(row["Unreconciled Quantity"])
                share = min(units, open_units)
                row["Reconciled Quantity"], row["Unreconciled Quantity"] = str(done + share), str(open_units - share)
                units -= share

    def _ledger_row(self, number: str, event: str, reference: str, quantity: int, reason: str, **figures: str) -> None:
        self.ledger.append(
            {
                "Date": self.today.strftime("%m/%d/%Y"),
                "FNSKU": f"X0000000{number}",
                "ASIN": f"B0000000{number}",
                "MSKU": f"SKU-{number}",
                "Title": f"Pan No. {number}" if self.today < FIRST + timedelta(50) else f"Pan No. {number}, improved",
                "Event Type": event,
                "Reference ID": reference,
                "Quantity": str(quantity),
                "Fulfillment Center": "PHX7",
                "Disposition": "SELLABLE",
                "Reason": reason,
                "Country": "US",
                "Date and Time": f"{self.today}T00:00:00-0700",
            }
            | figures
        )

    def _trade(self) -> None:
        """One sale a day of a product without any story, a payment for it each week."""
        day = (self.today - FIRST).days
        self._ledger_row("99", "Shipments", f"90{day:06}", -1, "")
        if day % 7 == 0:
            self._paid("99", f"8{day:05}", "CustomerServiceIssue", 1, COST, order_id=f"111-9{day:06}-0000009")

    def _refund(self, story: Story) -> None:
        number, order = self.product(story), self.reference(story)
        price = 30 * story.units
        when = f"{self.today - timedelta(10)}T10:00:00+00:00"
        self.orders.append(
            {
                "amazon-order-id": order,
                "purchase-date": when,
                "last-updated-date": when,
                "order-status": "Shipped",
                "fulfillment-channel": "Amazon",
                "sales-channel": "Amazon.com",
                "product-name": f"Pan No. {number}",
                "sku": f"SKU-{number}",
                "asin": f"B0000000{number}",
                "item-status": "Shipped",
                "quantity": str(story.units),
                "currency": "USD",
                "item-price": f"{price}.00",
            }
        )
        self.refunds.append(
            {
                "transaction-type": "Refund",
                "order-id": order,
                "merchant-order-id": order,
                "marketplace-name": "Amazon.com",
                "amount-type": "ItemPrice",
                "amount-description": "Principal",
                "amount": f"-{price}.00",
                "fulfillment-id": "AFN",
                "posted-date": str(self.today),
                "posted-date-time": f"{self.today} 10:00:00 UTC",
                "order-item-code": order.replace("-", ""),
                "sku": f"SKU-{number}",
            }
        )

    def _do(self, story: Story, does: Does) -> None:
        number = self.product(story)
        units = int(does.value) if str(does.value).isdigit() else 0
        match does.what:
            case "find":
                self._moved(story, units, "F")
                self._reconciled(story, units)
            case "pay" | "auto_pay":
                case_id = self.case_ids.get(story.name, "") if does.what == "pay" and does.names_case else ""
                order = self.reference(story) if story.kind == "refund" else ""
                reason = "CustomerReturn" if story.kind == "refund" else "Lost_Warehouse"
                self._paid(number, self.payment_id(story), reason, units, does.each, case_id=case_id, order_id=order)
                self._reconciled(story, units)
            case "reverse":
                original = f"7{number}001"
                self._paid(number, f"6{number}001", "Reimbursement_Reversal", -units, does.each, original=original)

    def payment_id(self, story: Story) -> str:
        """The next payment of the story's product."""
        number = self.product(story)
        before = sum(row["fnsku"] == f"X0000000{number}" for row in self.payments)
        return f"7{number}{before + 1:03}"

    def _paid(
        self,
        number: str,
        reimbursement_id: str,
        reason: str,
        units: int,
        each: Decimal,
        *,
        case_id: str = "",
        order_id: str = "",
        original: str = "",
    ) -> None:
        self.payments.append(
            {
                "approval-date": f"{self.today}T16:00:00+00:00",
                "reimbursement-id": reimbursement_id,
                "case-id": case_id,
                "amazon-order-id": order_id,
                "reason": reason,
                "sku": f"SKU-{number}",
                "fnsku": f"X0000000{number}",
                "asin": f"B0000000{number}",
                "product-name": f"Pan No. {number}",
                "condition": "NewItem",
                "currency-unit": "USD",
                "amount-per-unit": f"{each if units > 0 else -each}",
                "amount-total": f"{each * units}",
                "quantity-reimbursed-cash": str(units),
                "quantity-reimbursed-inventory": "0",
                "quantity-reimbursed-total": str(units),
                "original-reimbursement-id": original,
                "original-reimbursement-type": "Lost_Warehouse" if original else "",
            }
        )

    def write(self, folder: Path) -> None:
        """Today's downloads: under new names each day, the ledger in two exports that overlap."""
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        name = f"{(self.today - FIRST).days:05}"
        half = len(self.ledger) // 2
        _write(folder / f"5{name}1.txt", LEDGER, self.ledger[: half + 3])
        _write(folder / f"5{name}2.txt", LEDGER, self.ledger[half:])
        _write(folder / f"5{name}3.txt", REIMBURSEMENTS, self.payments)
        _write(folder / f"5{name}4.txt", ORDERS, [*self.orders, self._other_order()])
        _write(folder / f"5{name}5.txt", RETURNS, self._other_returns())
        self._write_settlement(folder / f"5{name}6.txt")
        products = sorted({self.product(story) for story in self.stories} | {"99"})
        costs = [f"SKU-{number},{COST},USD,2025-01-01" for number in products]
        (folder / "costs.csv").write_text("\n".join(["sku,unit-cost,currency,effective-from", *costs, ""]))

    def _other_order(self) -> dict[str, str]:
        when = f"{self.today}T10:00:00+00:00"
        return {
            "amazon-order-id": "111-9999999-0000009",
            "purchase-date": when,
            "last-updated-date": when,
            "order-status": "Shipped",
            "fulfillment-channel": "Amazon",
            "sales-channel": "Amazon.com",
            "sku": "SKU-99",
            "asin": "B000000099",
            "item-status": "Shipped",
            "quantity": "1",
            "currency": "USD",
            "item-price": "30.00",
        }

    def _other_returns(self) -> list[dict[str, str]]:
        """A return a day of an order from before: the export covers every day."""
        days = (FIRST + timedelta(n) for n in range(-60, (self.today - FIRST).days + 1))
        return [
            {
                "return-date": f"{day}T10:00:00+00:00",
                "order-id": f"111-8{place:06}-0000009",
                "sku": "SKU-99",
                "asin": "B000000099",
                "fnsku": "X000000099",
                "quantity": "1",
                "fulfillment-center-id": "PHX7",
                "detailed-disposition": "SELLABLE",
                "reason": "UNWANTED_ITEM",
                "status": "Unit returned to inventory",
                "license-plate-number": f"LPN{place:06}",
            }
            for place, day in enumerate(days)
        ]

    def _write_settlement(self, path: Path) -> None:
        total = sum((Decimal(row["amount"]) for row in self.refunds), Decimal(0))
        head = {
            "settlement-id": "10001",
            "settlement-start-date": f"{FIRST - timedelta(20)} 00:00:00 UTC",
            "settlement-end-date": f"{self.today} 23:00:00 UTC",
            "deposit-date": f"{self.today} 23:00:00 UTC",
            "total-amount": f"{total:.2f}",
            "currency": "USD",
        }
        _write(path, SETTLEMENT, [head, *({"settlement-id": "10001"} | row for row in self.refunds)])


def _write(path: Path, header: Sequence[str], rows: Sequence[dict[str, str]]) -> None:
    lines = ["\t".join(header), *("\t".join(row.get(name, "") for name in header) for row in rows), ""]
    path.write_text("\n".join(lines), encoding="utf-8")
