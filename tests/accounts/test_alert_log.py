"""Alerts and contacts in the database of the case log: kept whole, decided by people, and old logs become new ones."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from auditor.accounts.alert import Kept, Seen
from auditor.accounts.alert_log import Contact, alerts_of, contacts_of, decide, keep, note_contact
from auditor.accounts.raising import after, alerts_on
from auditor.claims.cases import schema
from auditor.claims.cases.log import CaseLog
from auditor.model import WrongUsage

from .alert_world import DAY, finding, seen

VIEW = seen(findings=[finding(safe_by=DAY + timedelta(days=7), currency="JPY", amount=Decimal(1240))])


@pytest.fixture
def log(tmp_path: Path) -> CaseLog:
    return CaseLog(f"sqlite:///{tmp_path / 'cases.db'}")


def run(log: CaseLog, view: Seen = VIEW, days: int = 0) -> list[Kept]:
    day = DAY + timedelta(days=days)
    return keep(log, "kettle", day, lambda before: after(before, alerts_on(view, before, day), day))[1]


def stored(log: CaseLog) -> list[Kept]:
    with log.changing() as con:
        return alerts_of(con, "kettle")


def test_what_is_kept_is_read_back_as_it_was(log: CaseLog) -> None:
    assert run(log) == stored(log)
    assert stored(log)[0].alert.worth == (("JPY", Decimal(1240)),)


def test_a_second_run_on_a_day_writes_nothing(log: CaseLog) -> None:
    first = run(log)
    statements: list[str] = []
    sa.event.listen(log.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
    assert run(log) == first
    assert not [s for s in statements if s.lower().startswith(("insert", "update"))]


def test_an_earlier_day_changes_nothing(log: CaseLog) -> None:
    first = run(log)
    assert run(log, seen(), days=-3) == first


def test_a_person_acknowledges_snoozes_and_closes(log: CaseLog) -> None:
    [kept] = run(log)
    decide(log, "kettle", kept.alert.key, "acknowledged", day=DAY, who="mira")
    wakes = DAY + timedelta(days=3)
    decide(log, "kettle", kept.alert.key, "snoozed", day=DAY, who="mira", until=wakes)
    assert (stored(log)[0].state, stored(log)[0].snoozed_until) == ("snoozed", wakes)
    closed = decide(log, "kettle", kept.alert.key, "closed", day=DAY, who="mira", note="filed by phone")
    assert (closed.state, closed.sequence) == ("closed", 3)
    assert run(log, days=1)[0].state == "closed"


def test_an_alert_that_is_over_or_unknown_names_those_that_stand(log: CaseLog) -> None:
    [kept] = run(log)
    with pytest.raises(WrongUsage, match="deadline:7"):
        decide(log, "kettle", "deadline:1", "closed", day=DAY, who="mira")
    decide(log, "kettle", kept.alert.key, "closed", day=DAY, who="mira")
    with pytest.raises(WrongUsage, match="it is closed"):
        decide(log, "kettle", kept.alert.key, "acknowledged", day=DAY, who="mira")


def test_contacts_are_kept_in_order_and_cut_to_what_the_log_holds(log: CaseLog) -> None:
    note_contact(log, Contact("kettle", DAY, "mira", "phone", "will send invoices", "asked for documents"))
    note_contact(log, Contact("kettle", DAY - timedelta(days=9), "mira", "e-mail", "", "x" * 5000))
    with log.changing() as con:
        found = contacts_of(con, "kettle")
    assert [c.channel for c in found] == ["e-mail", "phone"]
    assert len(found[0].note) == 2000


def test_a_log_of_the_first_version_gets_the_new_tables_and_keeps_its_cases(tmp_path: Path) -> None:
    from alembic import command
    from alembic.config import Config

    url = f"sqlite:///{tmp_path / 'old.db'}"
    engine = schema.engine_for(url)
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    with engine.begin() as connection:
        assert not sa.inspect(connection).has_table("alerts")
    assert run(CaseLog(url))[0].state == "open"


def test_the_tables_of_the_migrations_are_those_that_the_code_uses(log: CaseLog) -> None:
    with log.changing() as con:
        inspected = sa.inspect(con)
        for table in (schema.alerts, schema.contacts):
            found = {c["name"]: (str(c["type"]), c["nullable"]) for c in inspected.get_columns(table.name)}
            assert found == {c.name: (str(c.type), c.nullable) for c in table.columns}
