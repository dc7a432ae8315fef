"""`audit batch` over real exports: the same bytes as `audit run`, folders that must not be judged, the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from auditor.account_files import read_folder
from auditor.accounts.job import Job
from auditor.accounts.seller import refuse_strangers, remember
from auditor.cli import cli
from auditor.exports.catalog import load_catalog
from auditor.model import DataRefused
from auditor.request import Request
from auditor.store.workspace import open_workspace
from tests.accounts.nights import ledger
from tests.samples import contents, sample


def batch(folder: Path, *options: str) -> Result:
    places = ["--out", str(folder / "out"), "--workspace", str(folder / "workspace")]
    return CliRunner().invoke(cli, ["batch", str(folder / "accounts.toml"), *places, *options], env={"COLUMNS": "80"})


def test_a_batch_writes_what_a_run_writes_and_names_what_it_could_not_do(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    list_of_accounts = f"""
[[account]]
id = "kettle"
name = "Blue Kettle"
language = "de"
exports = "{sample("jp")}"
[[account]]
id = "gone"
exports = "gone"
[[account]]
id = "empty"
exports = "empty"
[[account]]
id = "odd"
exports = "odd"
language = "xx"
"""
    (tmp_path / "accounts.toml").write_text(list_of_accounts, encoding="utf-8")
    first = batch(tmp_path, "--jobs", "1")
    assert first.exit_code == 5, first.output
    record = json.loads((tmp_path / "out/batch.json").read_bytes())["this_run"]["accounts"]
    assert {name: run["did"] for name, run in record.items()} == {
        "kettle": "audited",
        "gone": "failed",
        "empty": "refused",
    }
    assert "1 audited, 0 unchanged, 3 failed" in first.stdout
    assert "gone does not exist" in first.stderr
    assert "empty: there are no files under the given paths" in first.stderr
    assert "odd: " in first.stderr
    assert max(map(len, first.stdout.splitlines()[:5])) <= 80
    assert all(
        list((tmp_path / "out" / name).iterdir()) == [tmp_path / "out" / name / "start.html"]
        for name in ("gone", "empty")
    )
    log = f"sqlite:///{tmp_path / 'workspace/cases.db'}"
    run = ["run", str(sample("jp")), "--account", "Blue Kettle", "--lang", "de", "--out", str(tmp_path / "run")]
    run += ["--quiet", "--workspace", str(tmp_path / "run-workspace"), "--database-url", log]
    assert CliRunner().invoke(cli, run).exit_code == 0
    assert contents(tmp_path / "out/kettle") == contents(tmp_path / "run")
    assert '<html lang="de">' in (tmp_path / "out/kettle/summary.html").read_text(encoding="utf-8")
    again = batch(tmp_path, "--only", "kettle", "--json")
    assert again.exit_code == 0
    content = json.loads(again.stdout)
    assert content["this_run"]["accounts"]["kettle"]["did"] == "unchanged"
    assert content == json.loads((tmp_path / "out/batch.json").read_bytes())
    profile = content["accounts"][0]["profile"]
    assert profile["marketplaces"] == ["JP"]
    assert 0 < profile["active_skus"] <= profile["skus"]
    assert set(profile["money"]["open"]) == {"JPY"}


@pytest.mark.parametrize(
    ("text", "asked", "said"),
    [
        ("[rule.warehouse_lost]\nleast = 4\n", [], "audit.toml:2: the rule warehouse_lost has no option least."),
        ("[batch]\nrules = ['nowhere']\n", [], "the rules folder nowhere does not exist."),
        ("[batch]\njobs = 1\n", ["--rules", "elsewhere"], "the rules folder elsewhere does not exist."),
    ],
)
def test_what_no_account_could_run_with_is_told_before_the_first(
    tmp_path: Path, text: str, asked: list[str], said: str
) -> None:
    (tmp_path / "accounts.toml").write_text('[[account]]\nid = "a"\nexports = "a"\n', encoding="utf-8")
    (tmp_path / "audit.toml").write_text(text, encoding="utf-8")
    places = ["--out", str(tmp_path / "out"), "--workspace", str(tmp_path / "workspace")]
    command = ["--config", str(tmp_path / "audit.toml"), "batch", str(tmp_path / "accounts.toml"), *places, *asked]
    told = CliRunner().invoke(cli, command)
    assert (told.exit_code, said in told.stderr) == (2, True)
    assert not (tmp_path / "out").exists()


def job(folder: Path, **asked: object) -> Job:
    open_workspace(folder / "workspace")
    return Job("a", "a", (folder / "exports",), folder / "out", folder / "workspace", "", "", **asked)  # type: ignore[arg-type]


def gate(folder: Path, **asked: object) -> None:
    """Read the account's folder, refuse a stranger's, else remember whose it is."""
    one = job(folder, **asked)
    exports = read_folder(Request(one.paths, open_workspace(one.workspace)), load_catalog())
    remember(one, refuse_strangers(one, exports))


MINE, OTHER = [f"X00MINE{n:03}" for n in range(8)], [f"X00OTHER{n:02}" for n in range(8)]


def test_a_folder_that_suddenly_holds_another_sellers_files_is_refused(tmp_path: Path) -> None:
    file = ledger(tmp_path / "exports/ledger.txt", MINE)
    gate(tmp_path)
    ledger(file, OTHER)
    with pytest.raises(DataRefused, match="none of their 8 products is one of the 8 known"):
        gate(tmp_path)
    with pytest.raises(DataRefused, match="--accept a"):
        gate(tmp_path)
    gate(tmp_path, accept=True)
    gate(tmp_path)


def test_new_products_beside_known_ones_are_the_same_seller(tmp_path: Path) -> None:
    file = ledger(tmp_path / "exports/ledger.txt", MINE)
    gate(tmp_path)
    ledger(file, [*OTHER, MINE[0]])
    gate(tmp_path)


def test_a_few_products_that_are_all_new_prove_nothing(tmp_path: Path) -> None:
    file = ledger(tmp_path / "exports/ledger.txt", MINE)
    gate(tmp_path)
    ledger(file, OTHER[:4])
    gate(tmp_path)


def test_exports_of_another_account_group_than_the_list_says_are_refused_on_the_first_night(tmp_path: Path) -> None:
    ledger(tmp_path / "exports/ledger.txt", MINE, country="US")
    gate(tmp_path, marketplaces=("CA",))
    with pytest.raises(DataRefused, match="the list says DE, FR, the exports show US in"):
        gate(tmp_path, marketplaces=("DE", "FR"))
