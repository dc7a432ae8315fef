"""What differs from market to market: places, money, and how each export is written there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Market:
    """One seller account's home. `digits` are the currency's; `money` scales typical prices.

    `centres` lists fulfilment centres by stock country, home country first. `cap` is Amazon's
    highest payment per unit in the home currency, None where no page names one.
    """

    code: str
    country: str
    currency: str
    digits: int
    money: Decimal
    cap: Decimal | None
    channel: str
    order_prefix: str
    centres: Mapping[str, tuple[str, ...]]
    offset: str
    ledger_time: str
    queue_dates: str
    settlement_dates: str
    decimal_comma: bool
    flat_encoding: str


MARKETS: dict[str, Market] = {
    "US": Market(
        code="US",
        country="US",
        currency="USD",
        digits=2,
        money=Decimal(1),
        cap=Decimal(5000),
        channel="Amazon.com",
        order_prefix="11",
        centres={"US": ("PHX7", "LEX1", "BFI4", "ONT8", "MDW2", "ACY1")},
        offset="+00:00",
        ledger_time="T00:00:00-0700",
        queue_dates="%m/%d/%Y",
        settlement_dates="%Y-%m-%d",
        decimal_comma=False,
        flat_encoding="cp1252",
    ),
    "UK": Market(
        code="UK",
        country="GB",
        currency="GBP",
        digits=2,
        money=Decimal("0.8"),
        cap=Decimal(2000),
        channel="Amazon.co.uk",
        order_prefix="20",
        centres={"GB": ("LTN4", "BHX4", "EDI4", "MAN1", "GLA1")},
        offset="+00:00",
        ledger_time="T01:00:00+0100",
        queue_dates="%d/%m/%Y",
        settlement_dates="%Y-%m-%d",
        decimal_comma=False,
        flat_encoding="cp1252",
    ),
    "DE": Market(
        code="DE",
        country="DE",
        currency="EUR",
        digits=2,
        money=Decimal("0.9"),
        cap=Decimal(2000),
        channel="Amazon.de",
        order_prefix="30",
        centres={
            "DE": ("LEJ1", "DTM2", "HAM2", "STR1"),
            "PL": ("WRO5", "POZ1", "KTW1"),
            "FR": ("ORY4", "LIL1"),
            "IT": ("MXP5",),
        },
        offset="+00:00",
        ledger_time="T01:00:00+0100",
        queue_dates="%d.%m.%Y",
        settlement_dates="%d.%m.%Y",
        decimal_comma=True,
        flat_encoding="cp1252",
    ),
    "JP": Market(
        code="JP",
        country="JP",
        currency="JPY",
        digits=0,
        money=Decimal(150),
        cap=None,
        channel="Amazon.co.jp",
        order_prefix="25",
        centres={"JP": ("NRT5", "KIX3", "FSZ1", "HND8")},
        offset="+09:00",
        ledger_time="T00:00:00+0900",
        queue_dates="%Y/%m/%d",
        settlement_dates="%Y/%m/%d",
        decimal_comma=False,
        flat_encoding="cp932",
    ),
}
