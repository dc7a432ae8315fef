"""accounts.toml: what groups and defaults give, and every fault with its line."""

from __future__ import annotations

import json
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from auditor.accounts.listing import Listing, read_listing
from auditor.cli import cli
from auditor.model import WrongUsage

FULL = """
[defaults]
language = "de"
time_zone = "Europe/Berlin"
owner = "mara"
thresholds = { stale_after_days = 7, least_money = { USD = 25, JPY = 3000.5 } }

[people.mara]
name = "Mara Muster"
email = "mara@example.com"
time_zone = "Asia/Tokyo"

[groups.trials]
stage = "trial"
quiet_hours = "20:00-07:00"
thresholds.wave_units = 9

[[account]]
id = "blue_kettle"
name = "Blue Kettle"
exports = "blue"
marketplaces = ["US", "GB"]
group = "trials"
language = "fr"
renewal = 2026-12-31

[account.thresholds]
stale_after_days = 3

[account.contact]
name = "Ann Example"

[[account]]
id = "red.bowl-2"
exports = ["red", "more/*.txt"]
thresholds.least_money = 10
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "accounts.toml"
    path.write_text(text, encoding="utf-8")
    return path


def read(folder: Path, text: str) -> Listing:
    return read_listing(written(folder, text))


def faults(folder: Path, text: str) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.what) for problem in read(folder, text).problems]


def account(**said: str) -> str:
    """A table with exports of its own."""
    exports = f"'{said.get('id', said.get('name', '')).strip(chr(39))}-exports'"
    return "\n".join(["[[account]]", *(f"{key} = {value}" for key, value in {"exports": exports, **said}.items()), ""])


def test_an_account_takes_what_it_does_not_say_from_its_group_and_then_from_the_defaults(tmp_path: Path) -> None:
    blue, red = read(tmp_path, FULL).accounts
    assert (blue.language, blue.stage, blue.time_zone, blue.owner) == ("fr", "trial", "Europe/Berlin", "mara")
    assert (red.language, red.stage, red.quiet_hours) == ("de", "active", None)
    assert blue.quiet_hours == (time(20), time(7))
    assert blue.renewal == date(2026, 12, 31)


def test_tables_within_a_table_are_taken_key_by_key(tmp_path: Path) -> None:
    blue, red = read(tmp_path, FULL).accounts
    assert (blue.thresholds.stale_after_days, blue.thresholds.wave_units) == (3, 9)
    assert (red.thresholds.stale_after_days, red.thresholds.wave_units) == (7, 5)
    assert [blue.thresholds.least(c) for c in ("USD", "JPY", "EUR")] == [25, Decimal("3000.5"), 0]
    assert red.thresholds.least("EUR") == 10


def test_the_name_of_an_account_is_its_id_unless_it_has_one(tmp_path: Path) -> None:
    blue, red = read(tmp_path, FULL).accounts
    assert (blue.name, red.name) == ("Blue Kettle", "red.bowl-2")


def test_exports_lie_beside_the_file_wherever_the_command_runs(tmp_path: Path) -> None:
    blue, red = read(tmp_path, FULL).accounts
    assert blue.paths == (tmp_path / "blue",)
    assert red.paths == (tmp_path / "red", tmp_path / "more/*.txt")
    assert blue.marketplaces == ("US", "UK")


def test_all_faults_are_named_at_once_each_with_its_line(tmp_path: Path) -> None:
    text = """
[defaults]
owner = "nobody"
[people.mara]
name = "Mara"
language = "xx"
[[account]]
id = "one"
exprots = "one"
time_zone = "Europe/Berln"
[account.thresholds]
stale_after_days = 0
wave_unit = 6
[[account]]
id = "two"
exports = "two"
group = "trails"
[groups.trials]
stage = "trial"
"""
    found = faults(tmp_path, text)
    assert [line for line, _ in found] == [3, 6, 9, 10, 12, 13, 17]
    told = [what for _, what in found]
    assert told[0] == "account two, owner: nobody is 'nobody'; known are mara."
    assert "there are no messages in the language 'xx'" in told[1]
    assert told[2] == "account one, exprots: there is no such key; did you mean exports?"
    assert "there is no time zone 'Europe/Berln'" in told[3]
    assert told[5] == "account one, thresholds.wave_unit: there is no such key; did you mean wave_units?"
    assert told[6] == "account two, group: there is no group 'trails'; did you mean trials?"


def test_a_faulty_account_leaves_the_others_alone(tmp_path: Path) -> None:
    listing = read(tmp_path, account(id="'good'") + account(id="'bad'", language="'xx'") + account(name="'no id'"))
    assert [one.id for one in listing.accounts] == ["good"]
    assert list(listing.refused) == ["bad", "account 3"]


def test_a_faulty_group_refuses_its_accounts_and_no_others(tmp_path: Path) -> None:
    group = "[groups.odd]\nstage = 'trail'\n"
    listing = read(tmp_path, group + account(id="'in'", group="'odd'") + account(id="'out'"))
    assert [one.id for one in listing.accounts] == ["out"]
    assert listing.refused["in"][0].line == 2


@pytest.mark.parametrize(("first", "second"), [("'a'", "'a'"), ("'a'", "'A'")])
def test_two_accounts_of_one_id_are_both_refused_for_they_would_share_a_folder(
    tmp_path: Path, first: str, second: str
) -> None:
    second_one = account(id=second, exports="'another'")
    listing = read(tmp_path, account(id=first) + second_one + account(id="'b'"))
    assert [one.id for one in listing.accounts] == ["b"]
    assert [problem.line for problem in listing.problems] == [3, 6]
    assert "line 6" in listing.problems[0].what


def test_two_accounts_of_one_name_are_refused_for_their_cases_would_mix(tmp_path: Path) -> None:
    listing = read(tmp_path, account(id="'a'", name="'b'") + account(id="'b'", name="'B'"))
    assert not listing.accounts


def test_two_accounts_that_read_the_same_exports_are_refused_for_all_would_be_claimed_twice(tmp_path: Path) -> None:
    listing = read(tmp_path, account(id="'a'", exports="'x'") + account(id="'b'", exports="'x'"))
    assert [problem.what for problem in listing.problems] == [
        "account a, exports: it reads the very exports of account b.",
        "account b, exports: it reads the very exports of account a.",
    ]


@pytest.mark.parametrize("name", ["'../up'", "'a/b'", "'.hidden'", "''", "'a b'", "'batch.json'", "'ends.'"])
def test_an_id_that_cannot_name_a_folder_is_refused(tmp_path: Path, name: str) -> None:
    listing = read(tmp_path, account(id=name))
    assert not listing.accounts
    assert "cannot name a folder" in listing.problems[0].what


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("[[account]\n", 1, "this is no TOML"),
        ("[people.a]\nname='a'\n[people.a]\n", 3, "this is no TOML"),
        ("[default]\n[[account]]\nid='a'\n", 1, "did you mean defaults?"),
        ("[account]\nid='a'\n", 1, "write [[account]]"),
        ("", 1, "there is no account"),
        ("groups = 3\n[[account]]\nid='a'\n", 1, "as in [groups.NAME]"),
        ("defaults = 3\n[[account]]\nid='a'\n", 1, "write [defaults]"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_as_a_whole(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(WrongUsage) as refused:
        read(tmp_path, text)
    (problem,) = refused.value.problems
    assert problem.line == line
    assert said in problem.what


def test_text_of_several_lines_hides_no_key(tmp_path: Path) -> None:
    note = '[[account]]\nid = "a"\nname = """\nlanguage = "de"\n"""\nlanguage = "xx"\nexports = "x"\n'
    assert [line for line, _ in faults(tmp_path, note)] == [6]


def check(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, ["accounts", "check", *map(str, arguments)], env={"COLUMNS": "80"})
    return result.exit_code, result.stdout, result.stderr


def test_check_prints_the_accounts_and_exits_0_when_nothing_is_wrong(tmp_path: Path) -> None:
    for name in ("blue/a.txt", "red/a.txt", "more/b.txt"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    code, told, errors = check(written(tmp_path, FULL))
    assert (code, errors) == (0, "")
    assert "blue_kettle  trial   US UK    mara   blue" in told
    assert max(map(len, told.splitlines())) <= 80
    assert "\x1b" not in told


def test_check_names_folders_that_are_missing_or_empty(tmp_path: Path) -> None:
    (tmp_path / "red").mkdir()
    (tmp_path / "more").mkdir()
    path = written(tmp_path, FULL)
    code, _, errors = check(path)
    assert code == 2
    assert f"{path}:18: account blue_kettle: {tmp_path / 'blue'} does not exist." in errors
    assert f"{path}:33: account red.bowl-2: nothing matches {tmp_path / 'more/*.txt'}." in errors


def test_check_as_json_is_one_object_that_holds_no_password(tmp_path: Path) -> None:
    (tmp_path / "a-exports").mkdir()
    text = account(id="'a'", case_log="'postgresql://me:secret@db/cases'")
    code, told, _ = check(written(tmp_path, text), "--json")
    content = json.loads(told)
    assert code == 2
    assert content["accounts"][0]["case_log"] == "postgresql://me:***@db/cases"
    assert "is empty" in content["accounts"][0]["faults"][0]["what"]
    assert "secret" not in told


def test_a_list_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    code, _, errors = check(tmp_path / "none.toml")
    assert code == 2
    assert "none.toml cannot be read" in errors
