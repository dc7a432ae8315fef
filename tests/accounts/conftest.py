from __future__ import annotations

import os
import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from auditor.audit import audit
from auditor.model import Results
from auditor.publish.folder import write_file
from auditor.publish.lock import held
from auditor.request import Request
from auditor.store.workspace import open_workspace
from tests.samples import sample


@pytest.fixture(scope="session")
def known_results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of one real audit, shared by all processes of the tests, for work that takes but a moment."""
    # Processes of one run share the folder above their own; without them, it would be that of all runs there ever were.
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    path = folder / "known_results.pickle"
    with held(folder / ".known_results.lock", 120, "Another process of the tests audits."):
        if not path.exists():
            results = audit(Request([sample("jp")], open_workspace(folder / "known-workspace")))
            write_file(path, pickle.dumps(_few(results)))
    return path


def _few(results: Results) -> Results:
    findings = results.findings[:3]
    ids = {finding.finding_id for finding in findings}
    return replace(
        results,
        findings=findings,
        evidence=tuple(row for row in results.evidence if row.finding_id in ids),
        drafts=tuple(draft for draft in results.drafts if draft.finding_id in ids),
        not_claimed=(),
    )


@pytest.fixture
def quick(known_results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIT_TEST_RESULTS", str(known_results))
