"""Cases that were filed by hand or by another service, from a CSV: their findings are not filed again."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from auditor.claims.cases.log import Case, CaseLog, Entry, move, write_history
from auditor.claims.cases.schema import COLUMN_NAMES, cases
from auditor.claims.cases.states import BY_DATE, MOVES
from auditor.model import AuditError, Problem

COLUMNS = ("case_id", "filed_on", "state", "finding_id", "rule", "fnsku", "msku", "reference_id", "units", "note")
TEMPLATE = (
    ",".join(COLUMNS) + "\n12345678901,2026-04-02,filed,,warehouse_lost,X001ABC2DE,,20076865361276,2,filed by hand\n"
)
_STATES = frozenset(MOVES) - BY_DATE


@dataclass(frozen=True, slots=True)
class Filed:
    """One line of the file, `line` in it."""

    line: int
    case_id: str
    filed_on: date
    state: str
    finding_id: str
    rule: str
    fnsku: str
    msku: str
    reference_id: str
    units: int
    note: str


def read_filed(path: Path) -> list[Filed]:
    """The cases in the file. Raises AuditError that names every line that cannot be meant, and reads none of them."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise AuditError(Problem(f"{path} cannot be read: {error}.", "Save it as CSV in UTF-8.")) from error
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
        what = f"{path.name} lacks the columns {', '.join(missing)}."
        raise AuditError(Problem(what, "`audit claims import --template` shows what the file looks like."))
    filed, problems = [], []
    for row in reader:
        read = _read(row, reader.line_num)
        if isinstance(read, str):
            problems.append(Problem(f"{path.name}:{reader.line_num}: {read}", "Mend the line; nothing was imported."))
        else:
            filed.append(read)
    if problems:
        raise AuditError(*problems)
    return filed


def _read(row: dict[str, str | None], line: int) -> Filed | str:
    """The line as a case, or what is wrong with it."""
    cells = {name: (row[name] or "").strip() for name in COLUMNS}
    try:
        day = date.fromisoformat(cells["filed_on"])
    except ValueError:
        return f"filed_on is {cells['filed_on']!r}, no date like 2026-04-02."
    state = cells["state"] or "filed"
    if state not in _STATES:
        return f"state is {state!r}, not one of {', '.join(sorted(_STATES))}."
    if not cells["finding_id"] and not (cells["reference_id"] and (cells["fnsku"] or cells["msku"])):
        return "it names neither a finding_id nor a reference_id with an fnsku or msku."
    if cells["units"] and not cells["units"].isdigit():
        return f"units is {cells['units']!r}, no number."
    return Filed(
        line, cells["case_id"], day, state, cells["finding_id"], cells["rule"], cells["fnsku"], cells["msku"],
        cells["reference_id"], int(cells["units"] or 0), cells["note"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imported:
    """How many lines moved a case that the log had, were kept for findings to come, or were there already."""

    moved: int
    kept: int
    known: int


def import_filed(log: CaseLog, account: str, filed: Iterable[Filed], who: str) -> Imported:
    """Put the cases into the log, all or none of them; the same file again changes nothing."""
    moved = kept = known = 0
    with log.changing() as con:
        rows = con.execute(sa.select(cases).where(cases.c.account == account)).mappings()
        there = [Case(**row) for row in rows]
        for each in filed:
            case = _meant(each, there)
            if case is None:
                there.append(_keep(con, account, each, who))
                kept += 1
            elif case.state in BY_DATE:
                case = move(
                    con, case, "filed", day=each.filed_on, who=who, reason="imported", note=each.note,
                    case_id=each.case_id, filed_on=each.filed_on,
                )  # fmt: skip
                if each.state != "filed":
                    move(con, case, each.state, day=each.filed_on, who=who, reason="imported", note="")
                moved += 1
            else:
                known += 1
    return Imported(moved, kept, known)


def _meant(filed: Filed, there: Sequence[Case]) -> Case | None:
    for case in there:
        if filed.finding_id and filed.finding_id.upper() == case.finding_id:
            return case
        same_product = filed.fnsku == case.fnsku if filed.fnsku else filed.msku == case.msku
        same_rule = not filed.rule or case.rule in {"", filed.rule}
        if not filed.finding_id and filed.reference_id == case.reference_id and same_product and same_rule:
            return case
    return None


def _keep(con: sa.Connection, account: str, filed: Filed, who: str) -> Case:
    """A case without a finding yet: the audit that finds it takes it over."""
    text = "|".join((filed.rule, filed.reference_id, filed.fnsku or filed.msku))
    own = filed.finding_id.upper() or "M" + hashlib.sha256(text.encode()).hexdigest()[:11].upper()
    case = Case(
        account=account,
        finding_id=own,
        rule=filed.rule,
        marketplace="",
        confidence="",
        fnsku=filed.fnsku,
        msku=filed.msku,
        title="",
        reference_id=filed.reference_id,
        event_date=None,
        units=filed.units,
        currency="",
        amount=None,
        claim_from=None,
        safe_by=None,
        claim_by=None,
        reasons="",
        summary="",
        state=filed.state,
        state_since=filed.filed_on,
        case_id=filed.case_id,
        filed_on=filed.filed_on,
        owner="",
        appeals=int(filed.state == "appealed"),
        last_seen=None,
        version=1,
    )
    con.execute(sa.insert(cases).values({name: getattr(case, name) for name in COLUMN_NAMES}))
    write_history(con, (case, Entry(filed.filed_on, who, "", filed.state, "imported", filed.note)))
    return case
