"""The command line as a whole: help that is instant and has examples, and a README that names every command."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from auditor.cli import COMMANDS, cli
from tests.samples import sample

ROOT = Path(__file__).parent.parent


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command and subcommand by its full name."""
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {sub}", one) for sub, one in command.commands.items())


ALL = dict(commands())


def help_of(name: str) -> str:
    result = CliRunner().invoke(cli, [*name.split(), "--help"], prog_name="audit")
    assert result.exit_code == 0
    return result.output


def test_help_groups_every_command() -> None:
    shown = help_of("")
    for name, (_, group, text) in COMMANDS.items():
        section = shown.split(f"\n{group}:\n")[1].split("\n\n")[0]
        assert any(line.split(maxsplit=1) == [name, text] for line in section.splitlines())


@pytest.mark.parametrize("name", ALL)
def test_every_command_has_examples_that_name_it(name: str) -> None:
    examples = help_of(name).partition("Examples:\n")[2].split("\n\n")[0]
    assert f"audit {name}" in examples


@pytest.mark.parametrize("name", ALL)
def test_every_example_uses_options_that_exist(name: str) -> None:
    command = ALL[name]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    examples = [line for line in help_of(name).splitlines() if line.strip().startswith(f"audit {name} ")]
    used = {word for line in examples for word in line.split() if word.startswith("--")}
    if not isinstance(command, click.Group):
        assert used <= known


@pytest.mark.parametrize("name", [name for name in ALL if not isinstance(ALL[name], click.Group)])
def test_every_option_says_what_it_does(name: str) -> None:
    silent = [p.name for p in ALL[name].params if isinstance(p, click.Option) and not p.help]
    assert not silent


@pytest.mark.parametrize("name", COMMANDS)
def test_the_readme_names_every_command(name: str) -> None:
    assert f"`audit {name}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_help_loads_neither_polars_nor_duckdb_nor_pydantic() -> None:
    """They take most of the start; whoever only asks for help must not wait for them."""
    code = (
        "import sys\nfrom auditor.cli import cli\ncli(['--help'], standalone_mode=False)\n"
        "print([name for name in ('polars', 'duckdb', 'pydantic', 'xlsxwriter', 'jinja2') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "[]"


def test_a_wrong_option_is_wrong_usage_and_no_traceback() -> None:
    result = CliRunner().invoke(cli, ["run", "--no-such-option"])
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_a_path_that_is_not_there_is_wrong_usage_with_a_remedy(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["run", str(tmp_path / "nowhere"), "--out", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert "nowhere does not exist. Check the path." in result.output
    assert not (tmp_path / "out").exists()


def test_a_settings_file_switches_rules_off(tmp_path: Path) -> None:
    settings = tmp_path / "audit.toml"
    settings.write_text("[rule.warehouse_lost]\noff = true\n", encoding="utf-8")
    out = tmp_path / "out"
    arguments = ["run", str(sample("us")), "--out", str(out), "--workspace", str(tmp_path / "w"), "--quiet"]
    assert CliRunner().invoke(cli, ["--config", str(settings), *arguments]).exit_code == 0
    found = (out / "findings.csv").read_text(encoding="utf-8")
    assert ",warehouse_damaged," in found
    assert ",warehouse_lost," not in found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[rule.warehouse_losts]\noff = true\n",
            ":1: settings name a rule that does not exist: warehouse_losts. Did you",
        ),
        ("[rule.warehouse_lost]\n\ncolour = 1\n", ":3: the rule warehouse_lost has no option colour. It has: none."),
        ('[rule.warehouse_lost]\noff = "true"\n', ":2: off is true or false, not 'true'."),
        ("[rule]\noff = true\n", ":2: this stands in no rule's table. Write a line like [rule.warehouse_lost]"),
        ("[run]\nquiet = true\notu = 'x'\n", ":3: `audit run` has no option otu. Did you mean out?"),
        ("[rnu]\nout = 'x'\n", ":1: there is no command rnu. Did you mean run?"),
        ("out = 'x'\n", ":1: out stands in no table. Each table is a command"),
        ("run = 'x'\n", ":1: run is a command, and its options a table. Write it as [run]."),
        ("[run]\nout = 'x\n", "A value is a text in quotation marks, a number, true, false,"),
        ("[run]\nquiet = yes\n", ":2: Invalid value"),
        ("[run]\nquiet = true\nas-of = 'yesterday'\n", ":3: 'yesterday' is not a date"),
    ],
)
def test_settings_that_cannot_be_meant_are_wrong_usage_at_their_line(tmp_path: Path, text: str, said: str) -> None:
    settings = tmp_path / "audit.toml"
    settings.write_text(text, encoding="utf-8")
    arguments = ["run", str(sample("us")), "--workspace", str(tmp_path / "w")]
    result = CliRunner().invoke(cli, ["--config", str(settings), *arguments])
    assert result.exit_code == 2
    assert " ".join(said.split()) in " ".join(result.output.split())
    assert "audit.toml" in result.output
    assert "Traceback" not in result.output


def test_a_wrong_option_of_another_command_is_told_too(tmp_path: Path) -> None:
    settings = tmp_path / "audit.toml"
    for text, said in (
        ("[policy.shwo]\non = 2026-06-30\n", ":1: `audit policy` has no option shwo. Did you mean show?"),
        ("[claims.next]\npace = 2\n", ":2: `audit claims next` has no option pace."),
        ("[rules.mine]\noff = true\n", ":1: the settings of a rule do not stand in [rules.mine]. Write [rule.mine]."),
    ):
        settings.write_text(text, encoding="utf-8")
        told = CliRunner().invoke(cli, ["--config", str(settings), "rules", "list"])
        assert (told.exit_code, said in told.output) == (2, True), told.output


def test_one_folder_of_rules_needs_no_list_around_it(tmp_path: Path) -> None:
    settings = tmp_path / "audit.toml"
    for value in (f"'{tmp_path}'", f"['{tmp_path}']"):
        settings.write_text(f"[rules.list]\nrules = {value}\n", encoding="utf-8")
        assert CliRunner().invoke(cli, ["rules", "new", "my_rule", "--rules", str(tmp_path)]).exit_code in {0, 2}
        assert "my_rule" in CliRunner().invoke(cli, ["--config", str(settings), "rules", "list"]).output


def test_an_option_is_written_as_on_the_command_line_and_a_file_with_a_mark_is_read(tmp_path: Path) -> None:
    settings = tmp_path / "audit.toml"
    for key in ("as-of", "as_of"):
        settings.write_text(f"[check]\n{key} = 2026-01-31\njson = true\n", encoding="utf-8-sig")
        told = CliRunner().invoke(cli, ["--config", str(settings), "check", str(sample("us"))])
        assert json.loads(told.output)["as_of"] == "2026-01-31"


def test_options_come_from_a_settings_file_and_the_command_line_wins(tmp_path: Path) -> None:
    settings = tmp_path / "audit.toml"
    settings.write_text('[policy.show]\nmarketplace = "JP"\non = "2026-06-30"\n', encoding="utf-8")
    from_file = CliRunner().invoke(cli, ["--config", str(settings), "policy", "show"])
    overruled = CliRunner().invoke(cli, ["--config", str(settings), "policy", "show", "--marketplace", "DE"])
    assert "in JP (region JP) on 2026-06-30" in from_file.output
    assert "in DE (region EU) on 2026-06-30" in overruled.output
