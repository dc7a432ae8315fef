"""The command line: parse, call, print. Commands load when they are called, so that help is instant."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from auditor import __version__
from auditor.cli.settings import keep, kept, read_settings
from auditor.model import AuditError, Problem, WrongSetting
from auditor.processors import keep_to_processors

COMMANDS: dict[str, tuple[str, str, str]] = {
    "run": ("auditor.cli.run", "Audit", "Read exports, find what is owed, write the results."),
    "check": ("auditor.cli.check", "Audit", "Say which reports are there and what is missing."),
    "explain": ("auditor.cli.explain", "Audit", "Tell the whole story of one finding."),
    "deadlines": ("auditor.cli.deadlines", "Audit", "List what must be filed by when."),
    "diff": ("auditor.cli.diff", "Audit", "Say what changed between two runs, and why."),
    "claims": ("auditor.cli.claims", "Audit", "Follow each claim until it is paid."),
    "batch": ("auditor.cli.batch", "Many accounts", "Audit every account of a list."),
    "accounts": ("auditor.cli.accounts", "Many accounts", "Check the list of accounts."),
    "portfolio": ("auditor.cli.portfolio", "Many accounts", "Say whom to call first, and why."),
    "rules": ("auditor.cli.rules", "Rulebook", "Read and test the rules."),
    "policy": ("auditor.cli.policy", "Rulebook", "Show the claim windows in force."),
    "simulate": ("auditor.cli.simulate", "Try and mend", "Write a synthetic account with known truth."),
    "doctor": ("auditor.cli.doctor", "Try and mend", "Check versions, disk and write access."),
}


class CommandLine(click.Group):
    """Loads a command's module only when the command is called, and turns errors into messages and exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The commands in the order of their groups."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command's module and give the command."""
        return _command(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Commands by group, without importing any of them."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for name, (_, group, text) in COMMANDS.items():
            groups.setdefault(group, []).append((name, text))
        for group, rows in groups.items():
            with formatter.section(group):
                formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error says what happened, where, and what to do next."""
        try:
            if settings := read_settings(ctx.params.get("config")):
                keep(settings)
                ctx.default_map = settings.options({name: _command(name) for name in COMMANDS})
            return super().invoke(ctx)
        except AuditError as error:
            if ctx.params.get("debug"):
                raise
            for problem in _with_their_places(error):
                click.echo(f"audit: {problem}", err=True)
            ctx.exit(error.exit_code)
        except click.BadParameter as error:
            settings = kept()
            raise (settings.wrong_value(error) if settings else error) from error
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:  # the last line of defence: no traceback for people
            if ctx.params.get("debug"):
                raise
            click.echo(f"audit: unexpected failure: {type(error).__name__}: {error}", err=True)
            click.echo("Run the command again as `audit --debug ...` and report what it shows.", err=True)
            ctx.exit(1)


def _command(name: str) -> click.Command:
    command: click.Command = getattr(import_module(COMMANDS[name][0]), name)
    return command


def _with_their_places(error: AuditError) -> Iterable[Problem]:
    """The problems; that of a setting with its line in the settings file."""
    settings = kept()
    if settings and isinstance(error, WrongSetting):
        return [settings.placed(problem, *error.key) for problem in error.problems]
    return error.problems


@click.group(
    cls=CommandLine,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "AUDIT", "max_content_width": 100},
    epilog="Example: audit run exports/ --out results/",
)
@click.version_option(__version__, prog_name="audit")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
@click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Settings file (default: ./audit.toml when it is there).",
)
def cli(debug: bool, config: Path | None) -> None:
    """Find, prove, value and date what Amazon owes an FBA seller, from the seller's own exports."""
    del debug, config
    keep_to_processors()


def main() -> None:
    """Entry point of the `audit` command."""
    cli(prog_name="audit")
