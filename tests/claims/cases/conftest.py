"""A case log in each kind of database, and findings as an audit gives them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from auditor.claims.cases.learning import Audited
from auditor.claims.cases.log import CaseLog
from auditor.claims.cases.payments import Payment, with_keys
from auditor.model import Finding

from . import server

FAMILIES = {"warehouse_lost": "lost", "customer_return_missing": "other", "inbound_missing": "inbound"}
FINDING = Finding(
    finding_id="FAAAAAAAAAAA",
    account="",
    marketplace="US",
    rule="warehouse_lost",
    confidence="high",
    status="open",
    fnsku="X000000001",
    msku="SKU-1",
    asin="B000000001",
    title="Pan",
    reference_id="20000000000001",
    event_date=date(2026, 4, 1),
    units=2,
    currency="USD",
    unit_value=Decimal("10.00"),
    amount=Decimal("20.00"),
    value_basis="cost",
    anchor_date=date(2026, 4, 1),
    claim_from=date(2026, 4, 1),
    safe_by=date(2026, 5, 29),
    claim_by=date(2026, 5, 31),
    days_left=20,
    reasons="",
    summary="2 lost = 2 open",
)


def finding(number: int = 1, **what: object) -> Finding:
    """A finding of its own product and reference."""
    own = {
        "finding_id": f"FAAAAAAAAA{number:02}",
        "fnsku": f"X0000000{number:02}",
        "msku": f"SKU-{number}",
        "reference_id": f"200000000000{number:02}",
    }
    return replace(FINDING, **(own | what))  # type: ignore[arg-type]


def payment(number: int = 1, units: int = 2, day: str = "2026-05-20", **what: object) -> Payment:
    """A payment of money for units of that product."""
    row = Payment(
        key="",
        reimbursement_id=f"9000{number:02}",
        day=date.fromisoformat(day),
        case_id="",
        order_id="",
        fnsku=f"X0000000{number:02}",
        msku=f"SKU-{number}",
        family="lost",
        units=units,
        currency="USD",
        amount=Decimal(10 * units),
    )
    return with_keys([replace(row, **what)])[0]  # type: ignore[arg-type]


def audited(as_of: str, *findings: Finding, payments: tuple[Payment, ...] = (), **what: object) -> Audited:
    """What an audit as of a day tells the log."""
    told = Audited("", date.fromisoformat(as_of), findings, (), payments, FAMILIES)
    return replace(told, **what)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server of its own; the test is skipped where none is installed."""
    folder = server.programs()
    if folder is None:
        pytest.skip("no PostgreSQL server is installed")
    with server.running(folder) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'cases.db'}"
        return
    server = sa.create_engine(
        request.getfixturevalue("postgres").replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
    )
    name = f"log_{os.getpid()}_{abs(hash(tmp_path)) % 10**9}"
    with server.connect() as con:
        con.execute(sa.text(f"create database {name}"))
    yield request.getfixturevalue("postgres").replace("/postgres", f"/{name}")
    with server.connect() as con:
        con.execute(sa.text(f"drop database {name} with (force)"))


@pytest.fixture
def log(url: str) -> Iterator[CaseLog]:
    """An empty case log."""
    opened = CaseLog(url)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def moved(log: CaseLog) -> Callable[..., None]:
    """Moves a case as a person does."""

    def move(finding_id: str, state: str, day: str, **changes: Any) -> None:
        log.move(log.case(finding_id), state, day=date.fromisoformat(day), who="Mira", **changes)

    return move
