"""`audit doctor`: versions, disk, write access, workspace health."""

from __future__ import annotations

import json
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

LIBRARIES = ("duckdb", "polars", "pydantic", "click", "rich", "jinja2", "babel", "xlsxwriter", "icalendar")
LOW_DISK_BYTES = 1 << 30


@click.command("doctor")
@click.option("--workspace", type=click.Path(path_type=Path), help="The workspace to look at.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@click.pass_context
def doctor(ctx: click.Context, workspace: Path | None, as_json: bool) -> None:
    """Check that everything an audit needs is there. Exits 1 when something is wrong.

    \b
    Examples:
      audit doctor
      audit doctor --workspace ~/audits/blue-kettle
    """
    folder = workspace or Path(click.get_app_dir("fba-reimbursement-auditor"))
    checks = list(_checks(folder))
    if as_json:
        click.echo(json.dumps([{"what": w, "ok": ok, "says": says} for w, ok, says in checks], indent=2))
    else:
        for what, ok, says in checks:
            click.echo(f"{'ok  ' if ok else 'BAD '} {what}: {says}")
    if not all(ok for _, ok, _ in checks):
        ctx.exit(1)


def _checks(folder: Path) -> Iterator[tuple[str, bool, str]]:
    yield "python", sys.version_info >= (3, 11), platform.python_version()
    for name in LIBRARIES:
        try:
            yield name, True, version(name)
        except PackageNotFoundError:
            yield name, False, "not installed; install the audit again with pip"
    yield from _packaged_data()
    yield from _workspace(folder)


def _packaged_data() -> Iterator[tuple[str, bool, str]]:
    from auditor.exports.catalog import load_catalog
    from auditor.model import AuditError
    from auditor.policy import load_policy
    from auditor.rulebook.rules import load_rules

    try:
        found, problems = load_rules()
        yield "rules", not problems, "; ".join(map(str, problems)) or f"{len(found)} rules"
        yield "policy", True, f"version {load_policy().version}, checked {load_policy().checked}"
        yield "catalog", True, f"{len(load_catalog().reports)} reports"
    except AuditError as error:
        yield "packaged data", False, str(error)


def _workspace(folder: Path) -> Iterator[tuple[str, bool, str]]:
    from auditor.model import AuditError
    from auditor.store.workspace import open_workspace

    try:
        cache = open_workspace(folder).cache
    except AuditError as error:
        yield "workspace", False, str(error)
        return
    notes = list(cache.glob("*.json"))
    parts = [part for part in cache.iterdir() if ".part" in part.name]
    size = sum(part.stat().st_size for part in cache.iterdir() if part.is_file())
    yield "workspace", True, f"{folder}, {len(notes)} read exports, {size / 1e6:.1f} MB, {len(parts)} leftovers"
    free = shutil.disk_usage(folder).free
    yield "disk", free > LOW_DISK_BYTES, f"{free / 1e9:.1f} GB free"
