"""What accounts.toml may say: about an account, about the people who look after it, and the values all share."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from auditor.policy import load_policy

#: The languages in which there are messages to a seller and digests to the people who look after them.
LANGUAGES = ("de", "en", "es", "fr", "it", "ja")
Stage = Literal["new", "trial", "active", "paused", "cancelled"]
Experience = Literal["new", "experienced"]
Model = Literal["private_label", "wholesale", "arbitrage"]
Service = Literal["we_draft", "they_file"]
Document = Literal["production_cost", "supplier_invoice", "shop_receipt", "packing_slip", "proof_of_delivery"]
#: What Amazon may ask a seller of each kind for, in the words of the filing pages.
DOCUMENTS: Mapping[Model, tuple[Document, ...]] = {
    "private_label": ("production_cost", "packing_slip", "proof_of_delivery"),
    "wholesale": ("supplier_invoice", "proof_of_delivery"),
    "arbitrage": ("shop_receipt", "proof_of_delivery"),
}

_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*-\s*([01]\d|2[0-3]):([0-5]\d)")
_FOLDER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*", re.ASCII)


def _tuple(value: Any) -> Any:
    """One text or a list of them, as people write both."""
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value


def _decimal(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _by_currency(value: Any) -> Any:
    return value if isinstance(value, Mapping) else {"": value}


def _currency(text: str) -> str:
    if text and not re.fullmatch(r"[A-Z]{3}", text):
        raise ValueError(f"{text!r} is no currency; write three capital letters, as in USD")
    return text


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise ValueError(f"there are no messages in the language {text!r}; use one of {', '.join(LANGUAGES)}")
    return text


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _time_zone(text: str) -> str:
    if text not in _time_zones():
        raise ValueError(f"there is no time zone {text!r}; write it as in Europe/Berlin or America/New_York")
    return text


def _marketplace(text: str) -> str:
    known = load_policy().marketplaces
    code = load_policy().marketplace_of(text)
    if code not in known:
        raise ValueError(f"{text!r} is no marketplace; use one of {', '.join(sorted(known))}")
    return str(code)


def _email(text: str) -> str:
    if text and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", text):
        raise ValueError(f"{text!r} is no e-mail address")
    return text


def _account_id(text: str) -> str:
    if not _FOLDER_NAME.fullmatch(text) or len(text) > 64 or text.lower().startswith("batch."):
        raise ValueError(
            f"{text!r} cannot name a folder; use at most 64 letters, digits, - and _, and do not begin with 'batch.'"
        )
    return text


def _hours(value: Any) -> Any:
    match = _HOURS.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"{value!r} are no hours; write them as in '20:00-07:00'")
    first, last = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
    if first == last:
        raise ValueError("quiet hours that end when they begin say nothing; leave them away")
    return first, last


Text = Annotated[str, Field(min_length=1, max_length=200)]
Email = Annotated[str, AfterValidator(_email)]
Language = Annotated[str, AfterValidator(_language)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Marketplace = Annotated[str, AfterValidator(_marketplace)]
Money = Annotated[Decimal, BeforeValidator(_decimal), Field(ge=0)]
Days = Annotated[int, Field(ge=1)]
Hours = Annotated[
    tuple[time, time], BeforeValidator(_hours), PlainSerializer(lambda h: f"{h[0]:%H:%M}-{h[1]:%H:%M}", return_type=str)
]


class Table(BaseModel):
    """A table of the file; a key that is not known is a fault."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    def over(self, lower: Self) -> Self:
        """What this table says, and for the rest what `lower` says; tables within it likewise."""
        said: dict[str, Any] = {name: getattr(lower, name) for name in lower.model_fields_set}
        for name in self.model_fields_set:
            value, below = getattr(self, name), said.get(name)
            said[name] = value.over(below) if isinstance(value, Table) and isinstance(below, Table) else value
        return type(self).model_construct(**said)


class Contact(Table):
    """Whom to write to at the seller's."""

    name: str = ""
    email: Email = ""


class Thresholds(Table):
    """From when on something is worth a message, and how much an audit may take.

    `least_money`: smaller amounts raise no alert, by currency ("" for those not named). `stale_after_days`: the newest
    export is older than so many days. `wave_units`: fewer lost or damaged units are no wave. `time_limit_s` in seconds
    and `memory_limit_mb` in MiB end an audit that takes more; None: as the batch says.
    """

    least_money: Annotated[dict[Annotated[str, AfterValidator(_currency)], Money], BeforeValidator(_by_currency)] = (
        Field(default_factory=dict)
    )
    stale_after_days: Days = 14
    wave_units: Days = 5
    time_limit_s: Days | None = None
    memory_limit_mb: Annotated[int, Field(ge=256)] | None = None

    def least(self, currency: str) -> Decimal:
        """The smallest amount in this currency that is worth an alert."""
        return self.least_money.get(currency, self.least_money.get("", Decimal(0)))


class Settings(Table):
    """What an account, a group or the defaults may say; what none of them says has the value given here.

    `exports` are folders, files or patterns, relative to the folder of accounts.toml. `language` is the seller's,
    `owner` the ID of the person who looks after the account, `case_log` the URL of its case log ("": the batch's own).
    `quiet_hours` are hours in `time_zone` in which nobody calls the seller. `service`: we write the claims and file
    them (we_draft), or the seller files what we found (they_file). `documents` are those at hand, None when nobody
    has said.
    """

    exports: Annotated[tuple[Text, ...], BeforeValidator(_tuple)] = ()
    marketplaces: Annotated[tuple[Marketplace, ...], BeforeValidator(_tuple)] = ()
    one_account: bool = False
    language: Language = "en"
    time_zone: TimeZone = "UTC"
    owner: str = ""
    contact: Contact = Contact()
    experience: Experience = "new"
    model: Model = "private_label"
    service: Service = "we_draft"
    documents: Annotated[tuple[Document, ...] | None, BeforeValidator(_tuple)] = None
    stage: Stage = "active"
    since: date | None = None
    renewal: date | None = None
    case_log: str = ""
    quiet_hours: Hours | None = None
    thresholds: Thresholds = Thresholds()


class AccountTable(Settings):
    """One [[account]] as it stands in the file."""

    id: Annotated[str, AfterValidator(_account_id)]
    name: Text | None = None
    group: str = ""


class Account(Settings):
    """One account with everything that its group and the defaults say for it.

    `name` stands in the column `account` of its results and in the case log. `line` is its place in the file.
    """

    id: str
    name: str
    group: str = ""
    line: int = 1
    paths: tuple[Path, ...] = ()

    @property
    def missing_documents(self) -> tuple[Document, ...]:
        """What Amazon may ask a seller of this kind for and nobody has said to be at hand."""
        return tuple(each for each in DOCUMENTS[self.model] if each not in (self.documents or ()))


class Person(Table):
    """Somebody who looks after accounts (CSM). `quiet_hours` are hours in `time_zone` in which no digest is sent."""

    id: str
    name: Text
    email: Email = ""
    language: Language = "en"
    time_zone: TimeZone = "UTC"
    quiet_hours: Hours | None = None

    def is_quiet(self, now: datetime) -> bool:
        """Whether this moment lies in the quiet hours; those that end before they begin go over midnight."""
        if self.quiet_hours is None:
            return False
        first, last = self.quiet_hours
        clock = now.astimezone(zoneinfo.ZoneInfo(self.time_zone)).time()
        return first <= clock < last if first < last else clock >= first or clock < last
