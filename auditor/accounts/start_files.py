"""Writing start.html into the places of accounts that lack something, and taking it away when they do not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from auditor.accounts.listing import Account
from auditor.accounts.start import lacks_something, start_page
from auditor.claims.cases.log import CaseLog
from auditor.model import AuditError, Problem
from auditor.publish.files import MANIFEST, START
from auditor.publish.folder import is_results_folder, write_file
from auditor.publish.lock import held
from auditor.publish.swap import lock_beside, standing

_PATIENCE = 60.0
#: Stands in each page that we wrote; a file of that name without it is a person's own.
MARK = b'<meta name="generator" content="audit batch, first steps">'


class StartPages:
    """Writes the pages of a night; the case logs stay open until the end."""

    def __init__(self) -> None:
        self._logs: dict[str, CaseLog] = {}

    def bring_up_to_date(self, account: Account, out: Path, case_log: str) -> None:
        """Make `out`/start.html what the account's results and cases ask for; unchanged it is not written again.

        Raises AuditError when the folder or the case log cannot be used.
        """
        try:
            manifest = _manifest(out)
            page = b""
            if account.stage != "cancelled" and lacks_something(account, manifest):
                page = start_page(account, manifest, self._log(case_log).cases(account.name)).encode("utf-8", "replace")
            path = out / START
            old = path.read_bytes() if path.is_file() else b""
            if page == old or (old and MARK not in old):
                return
            out.mkdir(parents=True, exist_ok=True)
            with held(lock_beside(out), _PATIENCE, f"A run is writing into {out}."):
                if page:
                    write_file(path, page)
                else:
                    path.unlink(missing_ok=True)
        except OSError as error:
            what = f"{out / START} cannot be written: {str(error.strerror or error).lower()}."
            raise AuditError(Problem(what, "Grant write access.")) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            what = f"{out / MANIFEST} is not as this version writes it, so {START} was left as it is."
            raise AuditError(Problem(what, "Mend what keeps the account from being audited.")) from error

    def close(self) -> None:
        """Let go of the case logs."""
        for log in self._logs.values():
            log.engine.dispose()

    def _log(self, url: str) -> CaseLog:
        if url not in self._logs:
            self._logs[url] = CaseLog(url)
        return self._logs[url]


def _manifest(out: Path) -> Mapping[str, Any] | None:
    """The run.json of an account's results; None when there are none."""
    folder = standing(out)
    if is_results_folder(folder):
        with suppress(ValueError):
            content: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
            return content
    return None
