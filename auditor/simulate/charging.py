"""The verbs of stories about fees: what Amazon charges for shipping and storing a product, and what size it records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from auditor.simulate.calendar_of_account import STORAGE_CHARGES, ago
from auditor.simulate.records import LedgerEvent, MoneyLine, Order, OrderLine, Product
from auditor.simulate.selling import COMMISSION, SellingStory
from auditor.simulate.story import Value
from auditor.simulate.windows import FEES, Window, region_of

FULFILMENT = "fulfillment_fee_overcharge"
STORAGE = "storage_fee_overcharge"


@dataclass(frozen=True, slots=True)
class Size:
    """Three sides and a weight, in the units of the account's home."""

    longest: str = "10.00"
    median: str = "6.00"
    shortest: str = "2.00"
    weight: str = "1.00"


@dataclass(frozen=True, slots=True)
class StorageRow:
    """What a row of the storage fees states; `waiting` units are to be removed, and are charged too.

    Without a volume it is the usual one; `blank` names a cell that is left out, `copies` says how often the row stands
    there.
    """

    units: int = 20
    waiting: int = 0
    surcharge: Decimal = Decimal(0)
    volume: Decimal | None = None
    size: Size | None = None
    centre: str = ""
    blank: str = ""
    copies: int = 1


class ChargingStory(SellingStory):
    """Fees of a product, and the exports that state them."""

    @property
    def fee_window(self) -> Window:
        """The window of fees on a wrong size at the account's home."""
        return FEES[region_of(self.account.market.country)]

    @property
    def size_units(self) -> tuple[str, str]:
        """How lengths and weights are named at the account's home."""
        return ("inches", "pounds") if self.account.market.code in ("US", "UK") else ("centimeters", "kilograms")

    def add(self, report: str, cells: dict[str, str]) -> None:
        """Add a row to one of the further exports."""
        self.account.further.setdefault(report, []).append(cells)

    def measure(self, product: Product, size: Size) -> None:
        """The seller measures a product."""
        self.add("measurements", {"sku": product.msku, **self._size(size, "-", "unit-of-dimension", "unit-of-weight")})

    def _size(self, size: Size, mark: str, length_unit: str, weight_unit: str) -> dict[str, str]:
        lengths, weights = self.size_units
        sides = {
            f"longest{mark}side": size.longest,
            f"median{mark}side": size.median,
            f"shortest{mark}side": size.shortest,
        }
        return {**sides, length_unit: lengths, "weight": size.weight, weight_unit: weights}

    def recorded(self, product: Product, month: date, size: Size) -> None:
        """Amazon stores a product for a month at a size: the row of the storage fees, with figures that fit."""
        story = StorageStory(self.account, self.scenario, self.family)
        story.others_as_usual()
        story.store(product, month, StorageRow(size=size, volume=story.volume_of(size)))


class FulfilmentStory(ChargingStory):
    """Orders charged at one fee and then at another."""

    def sell(self, product: Product, day: date, fee: Decimal, units: int = 1, price: Decimal | None = None) -> Order:
        """Sell units whose fulfilment fee is posted on a day."""
        market, price = self.account.market, product.price if price is None else price
        order = Order(
            order_id=self.account.order_id(),
            bought=day - timedelta(days=1),
            posted=day,
            channel=market.channel,
            currency=market.currency,
        )
        commission = self.account.rounded(price * COMMISSION)
        code = self.account.unique("1##############")
        order.lines = [OrderLine(product, units, price * units, commission * units, fee * units, code)]
        self.account.orders.append(order)
        self._ship(order)
        return order

    def others_stay(self) -> None:
        """Some products sell all the time at an unchanged fee, so that the rates are known to stay."""
        if not any(each.msku.startswith("STEADY-") for each in self.account.products):
            for number in range(18):
                product = self.account.new_product()
                steady = Product(
                    product.fnsku, product.asin, f"STEADY-{number}", product.title, product.price, product.payout, None,
                    product.fulfilment,
                )  # fmt: skip
                self.account.products[-1] = steady
                self.account.costs = [cost for cost in self.account.costs if cost.msku != product.msku]
                for days in range(88, 2, -14):
                    self.sell(steady, ago(days), steady.fulfilment)

    def sold_before(self, product: Product, fee: Decimal, price: Decimal | None = None) -> None:
        """Sell at the fee that was right."""
        self.others_stay()
        for days in (60, 57, 54):
            self.sell(product, ago(days), fee, price=price)

    def raised(self) -> Decimal:
        """Draw by how much a fee rises, far above a tenth."""
        return self.account.money_of(1, 2)

    def preview(self, product: Product, fee: Decimal, size: Size) -> None:
        """Amazon's fee preview names a fee for a product."""
        row = {
            "sku": product.msku,
            "fnsku": product.fnsku,
            "asin": product.asin,
            "amazon-store": self.account.market.code if self.account.market.code != "UK" else "GB",
            "product-name": "",
            "fulfilled-by": "Amazon",
            "your-price": str(product.price),
            "sales-price": str(product.price),
            **self._size(size, "-", "unit-of-dimension", "unit-of-weight"),
            "product-size-tier": "Standard",
            "currency": self.account.market.currency,
            "estimated-fee-total": str(fee + self.account.rounded(product.price * COMMISSION)),
            "expected-fulfillment-fee-per-unit": str(fee),
        }
        row["item-package-weight"] = row.pop("weight")
        self.add("fee_preview", row)

    def give_back_fee(self, product: Product, amount: Decimal, day: date) -> None:
        """Amazon corrects the fees of a product."""
        kind = ("other-transaction", "FBA Inventory Reimbursement", "INCORRECT_FEES_ITEMS")
        self.account.money.append(MoneyLine(day, self.account.market.currency, *kind, amount, msku=product.msku))

    def fee_owed(
        self,
        product: Product,
        orders: Iterable[Order],
        fair: Decimal,
        confidence: str = "review",
        back: Decimal = Decimal(0),
    ) -> None:
        """State that the fees of orders above the fair one are owed, each month a claim; `back` settles the oldest."""
        months: dict[str, list[Order]] = defaultdict(list)
        for order in sorted(orders, key=lambda order: order.posted):
            months[order.posted.strftime("%Y-%m")].append(order)
        for month, charged in months.items():
            lines = [order.lines[0] for order in charged]
            units = sum(line.units for line in lines)
            owed = sum((line.fulfilment for line in lines), Decimal(0)) - fair * units
            settled = min(owed, back)
            back -= settled
            reference, first = f"{product.asin} {month}", charged[0].posted
            if owed > settled:
                value = Value((owed - settled) / units, self.account.market.currency, "overcharge")
                country = self.account.market.country
                self.claim(product, reference, first, units, self.fee_window, value, country, confidence)
            else:
                self.no_claim(product, reference, units, "given_back", "the overcharge was given back")

    def fee_not_owed(
        self, product: Product, orders: Iterable[Order], reason: str, why: str, *, candidate: bool = True
    ) -> None:
        """State that no fee of these orders is owed, month by month."""
        months: dict[str, int] = defaultdict(int)
        for order in orders:
            months[order.posted.strftime("%Y-%m")] += order.lines[0].units
        for month, units in months.items():
            self.no_claim(product, f"{product.asin} {month}", units, reason, why, candidate=candidate)


class StorageStory(ChargingStory):
    """Rows of the monthly storage fees and of the aged inventory surcharge."""

    @property
    def figures(self) -> tuple[Decimal, str, Decimal]:
        """Volume of a product, its unit, and the rate for it at the account's home."""
        return {
            "US": (Decimal("0.4200"), "cubic feet", Decimal("0.78")),
            "UK": (Decimal("0.4200"), "cubic feet", Decimal("0.75")),
            "DE": (Decimal("0.01250"), "cubic meters", Decimal("27.54")),
            "JP": (Decimal("0.01250"), "cubic meters", Decimal("5160.00")),
        }[self.account.market.code]

    def others_as_usual(self) -> None:
        """Other products of the same months are charged just what their figures give."""
        if not self.account.further.get("storage_fees"):
            for month in (date(2026, 2, 1), date(2026, 4, 1), date(2026, 5, 1)):
                for _ in range(9):
                    self.store(self.stocked(), month, StorageRow(units=self.units(5, 60)))

    def store(
        self, product: Product, month: date, row: StorageRow | None = None, extra: Decimal = Decimal(0)
    ) -> Decimal:
        """Add a row of the storage fees, `extra` above what its figures give; tells the fee."""
        row = row or StorageRow()
        usual, unit, rate = self.figures
        volume = usual if row.volume is None else row.volume
        # The report prints such amounts to more digits than the currency has.
        base = (volume * (row.units + row.waiting) * rate).quantize(Decimal("0.000001"))
        fee = base + row.surcharge + extra
        cells = {
            "asin": product.asin,
            "fnsku": product.fnsku,
            "product_name": "",
            "fulfillment_center": f"'{row.centre or self.account.centre()}'",
            "country_code": self.account.market.country,
            "item_volume": str(volume),
            "volume_units": unit,
            "product_size_tier": "Standard-Size",
            "average_quantity_on_hand": f"{row.units}.00",
            "average_quantity_pending_removal": f"{row.waiting}.00",
            "estimated_total_item_volume": str(volume * row.units),
            "month_of_charge": month.strftime("%Y-%m"),
            "base_rate": str(rate),
            "est_base_msf": str(base + extra),
            "est_sus": str(row.surcharge),
            "currency": self.account.market.currency,
            "estimated_monthly_storage_fee": str(fee),
            "average_quantity_customer_orders": "0.00",
        }
        if row.size:
            cells |= self._size(row.size, "_", "measurement_units", "weight_units")
        if row.blank:
            cells[row.blank] = ""
        for _ in range(row.copies):
            self.add("storage_fees", dict(cells))
        return fee

    def volume_of(self, size: Size) -> Decimal:
        """The volume of a size in the unit in which the account's home charges storage."""
        sides = Decimal(size.longest) * Decimal(size.median) * Decimal(size.shortest)
        per_unit = Decimal(1728) if self.size_units[0] == "inches" else Decimal(1_000_000)
        return (sides / per_unit).quantize(Decimal("0.00000001"))

    def stocked(self) -> Product:
        """A product of the story's own, of which a row of the ledger tells which SKU its FNSKU belongs to."""
        product = self.account.new_product()
        self.account.ledger.append(
            LedgerEvent(ago(100), product, "Receipts", 1, self.account.centre(), self.account.market.country)
        )
        return product

    def charged_on(self, month: date) -> date:
        """The day on which a settlement charges the month, else the first day after it."""
        after = (month + timedelta(days=31)).replace(day=1)
        return next((day for day in STORAGE_CHARGES if day.replace(day=1) == after), after)

    def surcharge(self, product: Product, day: date, units: int, extra: Decimal = Decimal(0), tier: str = "") -> None:
        """Add a row of the aged inventory surcharge, `extra` above what its figures give."""
        volume, unit, rate = self.figures
        amount = (volume * units * rate).quantize(Decimal("0.000001")) + extra
        self.add(
            "aged_surcharge",
            {
                "snapshot-date": day.isoformat(),
                "sku": product.msku,
                "fnsku": product.fnsku,
                "asin": product.asin,
                "condition": "NewItem",
                "per-unit-volume": str(volume),
                "currency": self.account.market.currency,
                "volume-unit": unit,
                "country": self.account.market.country,
                "qty-charged": str(units),
                "amount-charged": str(amount),
                "surcharge-age-tier": tier or "181-210 days",
                "rate-surcharge": str(rate),
            },
        )

    def storage_owed(self, product: Product, month: date, amount: Decimal) -> None:
        """State that a part of a month's storage fee is owed."""
        self._owed(product, month, self.charged_on(month), 1, amount)

    def surcharge_owed(self, product: Product, day: date, units: int, amount: Decimal) -> None:
        """State that a part of a surcharge is owed."""
        self._owed(product, day, day, units, amount)

    def _owed(self, product: Product, month: date, day: date, units: int, amount: Decimal) -> None:
        value = Value(amount / units, self.account.market.currency, "overcharge")
        reference, country = f"{product.fnsku} {month:%Y-%m}", self.account.market.country
        self.claim(product, reference, day, units, self.fee_window, value, country, "review")

    def storage_not_owed(self, product: Product, month: date, why: str) -> None:
        """State that a month's fee is as it should be; no rule needs to consider it."""
        self.no_claim(product, f"{product.fnsku} {month:%Y-%m}", 1, "as_computed", why, candidate=False)
