"""Cases of other services come in by a CSV; tickets for other tools go out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.claims.cases.filed_before import TEMPLATE, Imported, import_filed, read_filed
from auditor.claims.cases.learning import learn
from auditor.claims.cases.log import CaseLog
from auditor.claims.cases.tickets import JIRA_ROWS, ZENDESK_BATCH, ticket_files
from auditor.model import AuditError

from .conftest import audited, finding

HEAD = TEMPLATE.splitlines()[0]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/cases.db"


@pytest.fixture
def filed(tmp_path: Path) -> Callable[..., Path]:
    def write(*lines: str, delimiter: str = ",") -> Path:
        path = tmp_path / "filed.csv"
        path.write_text("\n".join((HEAD, *lines)).replace(",", delimiter) + "\n", encoding="utf-8-sig")
        return path

    return write


def test_the_template_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "template.csv"
    path.write_text(TEMPLATE, encoding="utf-8")
    assert [case.reference_id for case in read_filed(path)] == ["20076865361276"]


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_an_imported_case_blocks_its_finding_and_a_second_import_changes_nothing(
    log: CaseLog, filed: Callable[..., Path], delimiter: str
) -> None:
    learn(log, audited("2026-05-10", finding(1), finding(2)))
    lines = ("4711,2026-05-02,,FAAAAAAAAA01,,,,,,", "4712,2026-05-03,denied,,,X000000002,,20000000000002,2,by hand")
    rows = read_filed(filed(*lines, delimiter=delimiter))
    assert import_filed(log, "", rows, "Mira") == Imported(moved=2, kept=0, known=0)
    assert import_filed(log, "", rows, "Mira") == Imported(moved=0, kept=0, known=2)
    states = learn(log, audited("2026-05-11", finding(1), finding(2)))
    assert states == {"FAAAAAAAAA01": "filed", "FAAAAAAAAA02": "denied"}


def test_a_case_imported_before_its_finding_is_taken_over_with_its_history(
    log: CaseLog, filed: Callable[..., Path]
) -> None:
    rows = read_filed(filed("4711,2026-05-02,filed,,,,SKU-1,20000000000001,2,by hand"))
    assert import_filed(log, "", rows, "Mira") == Imported(moved=0, kept=1, known=0)
    assert learn(log, audited("2026-05-11", finding(1), finding(2))) == {
        "FAAAAAAAAA01": "filed",
        "FAAAAAAAAA02": "open",
    }
    case = log.case("FAAAAAAAAA01")
    assert (case.case_id, case.rule, [e.reason for e in log.history(case)]) == ("4711", "warehouse_lost", ["imported"])
    assert len(log.cases()) == 2


def test_lines_that_cannot_be_meant_are_all_named_and_nothing_is_imported(filed: Callable[..., Path]) -> None:
    lines = (
        "1,02/05/2026,,FAAAAAAAAA01,,,,,,",
        "2,2026-05-02,lost,FAAAAAAAAA01,,,,,,",
        "3,2026-05-02,,,,,,20000000000001,,",
        "4,2026-05-02,,FAAAAAAAAA01,,,,,two,",
    )
    with pytest.raises(AuditError) as refused:
        read_filed(filed(*lines))
    assert [problem.what.partition(": ")[0] for problem in refused.value.problems] == [
        f"filed.csv:{line}" for line in (2, 3, 4, 5)
    ]


def test_a_file_without_its_columns_names_them(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("case,day\n1,2026-05-02\n", encoding="utf-8")
    with pytest.raises(AuditError, match=r"other\.csv lacks the columns case_id, filed_on"):
        read_filed(path)


@pytest.mark.parametrize("tool", ["tickets", "hubspot", "jira"])
def test_a_ticket_has_the_id_of_its_finding_and_no_formula(log: CaseLog, tool: str) -> None:
    learn(log, audited("2026-05-10", finding(1, summary="=1+1"), finding(2), account="north"))
    (content,) = ticket_files(tool, log.cases()).values()
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    key = {"tickets": "external_id", "hubspot": "Finding ID", "jira": "External ID"}[tool]
    assert {row[key] for row in rows} == {"north:FAAAAAAAAA01", "north:FAAAAAAAAA02"}
    assert not any(cell.startswith("=") for row in rows for cell in row.values())


def test_tools_get_no_more_at_once_than_they_take(log: CaseLog) -> None:
    learn(log, audited("2026-05-10", *(finding(n, finding_id=f"F{n:011}") for n in range(JIRA_ROWS + 1))))
    jira, zendesk = (ticket_files(tool, log.cases()) for tool in ("jira", "zendesk"))
    assert [len(list(csv.reader(io.StringIO(c.decode())))) - 1 for c in jira.values()] == [JIRA_ROWS, 1]
    sizes = [len(json.loads(content)["tickets"]) for content in zendesk.values()]
    assert sizes == [ZENDESK_BATCH, ZENDESK_BATCH, JIRA_ROWS + 1 - 2 * ZENDESK_BATCH]
