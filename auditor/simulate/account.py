"""The account under construction: all its rows, its truth, and freshly minted identifiers."""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from auditor.simulate.calendar_of_account import ago
from auditor.simulate.markets import Market
from auditor.simulate.records import (
    Cost,
    LedgerEvent,
    MoneyLine,
    NotOwed,
    Order,
    Owed,
    Payment,
    Product,
    Return,
    Shipment,
)
from auditor.simulate.titles import titles_for
from auditor.simulate.windows import RETURNS

_CODE_LETTERS = string.digits + string.ascii_uppercase


@dataclass(eq=False)
class Account:
    """Everything one synthetic seller's exports will say.

    `returns_start` is the first day of the returns export: refunds long before it cannot be judged.
    `further` holds rows by header name of the reports that only some stories need (`further_exports.COLUMNS`).
    `figures` says whether the ledger has Amazon's reconciliation columns; without them only the rows speak.
    """

    seed: int
    market: Market
    rng: Random
    returns_start: date
    figures: bool = True
    products: list[Product] = field(default_factory=list)
    ledger: list[LedgerEvent] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    money: list[MoneyLine] = field(default_factory=list)
    shipments: list[Shipment] = field(default_factory=list)
    further: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    costs: list[Cost] = field(default_factory=list)
    owed: list[Owed] = field(default_factory=list)
    not_owed: list[NotOwed] = field(default_factory=list)
    scenarios: list[str] = field(default_factory=list)
    _minted: set[str] = field(default_factory=set)

    @classmethod
    def opened(cls, seed: int, market: Market) -> Account:
        """Open an empty account.

        Every third one saved its returns too late to cover the whole claim window, every fifth one has
        ledgers of the old layout, without figures.
        """
        limit = RETURNS["EU" if market.code == "DE" else market.code].days
        late = seed % 3 == 1
        returns_start = ago(limit - 15) if late else ago(168)
        return cls(seed, market, Random(f"{seed}/{market.code}"), returns_start, figures=seed % 5 != 0)

    def money_of(self, low: int, high: int) -> Decimal:
        """Draw an amount between two US-dollar sums, in this market's money."""
        scale = Decimal(10) ** self.market.digits
        cents = self.rng.randint(int(low * self.market.money * scale), int(high * self.market.money * scale))
        return Decimal(cents) / scale

    def rounded(self, amount: Decimal) -> Decimal:
        """Round half up, once, to the currency's digits."""
        return amount.quantize(Decimal(1).scaleb(-self.market.digits), ROUND_HALF_UP)

    def unique(self, draw: str) -> str:
        """Mint an identifier by a pattern: `#` a digit, `*` a digit or capital letter."""
        while True:
            made = "".join(self._letter(mark) for mark in draw)
            if made not in self._minted:
                self._minted.add(made)
                return made

    def _letter(self, mark: str) -> str:
        if mark == "#":
            return self.rng.choice(string.digits)
        return self.rng.choice(_CODE_LETTERS) if mark == "*" else mark

    def order_id(self) -> str:
        """Mint an order ID: 3, 7 and 7 digits."""
        return self.unique(f"{self.market.order_prefix}#-#######-#######")

    def new_product(self, cost: Decimal | None = None, *, with_cost: bool = True) -> Product:
        """Add a product; without a cost given it gets an ordinary one, unless `with_cost` is false."""
        number = len(self.products)
        asin = self.unique("B0********")
        price = self.money_of(14, 90)
        if with_cost and cost is None:
            cost = self.money_of(3, 30)
        # Amazon usually pays the cost that it knows; only the stories about payments say otherwise.
        payout = self.money_of(3, 30) if cost is None else cost
        product = Product(
            fnsku=asin if number % 9 == 4 else self.unique("X00*******"),
            asin=asin,
            msku=self._msku(number),
            title=titles_for(self.market.code, len({other.asin for other in self.products})),
            price=price,
            payout=payout,
            cost=cost,
            fulfilment=self.money_of(3, 6),
        )
        self.products.append(product)
        if cost is not None:
            self.costs.append(Cost(product.msku, cost, self.market.currency, date(2025, 1, 1)))
        return product

    def sibling_of(self, product: Product) -> Product:
        """Add a second FNSKU of the same ASIN (labelled stock beside pooled stock)."""
        msku = self._msku(len(self.products))
        twin = Product(
            self.unique("X00*******"),
            product.asin,
            msku,
            product.title,
            product.price,
            product.payout,
            product.cost,
            product.fulfilment,
        )
        self.products.append(twin)
        return twin

    def _msku(self, number: int) -> str:
        # Seller SKUs are free text: some look like numbers or dates, some hold spaces.
        patterns = ("OS-####-**", "000####", "MAR-####", "pli ### **", "QV_####", "4006381######")
        return self.unique(patterns[number % len(patterns)])

    def centre(self, country: str = "", other_than: str = "") -> str:
        """Pick a fulfilment centre of a country (the home country unless said)."""
        choices = self.market.centres[country or self.market.country]
        return self.rng.choice([centre for centre in choices if centre != other_than] or choices)
