"""audit.toml: options of commands, one table a command, and settings of rules, one table [rule.NAME] a rule.

A name that nothing has is refused with its line: a setting that is misspelt must not be a setting that is ignored.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from auditor.model import Problem, WrongUsage

DEFAULT_FILE = Path("audit.toml")
#: The settings file is kept under this name while a command runs.
_KEPT = "auditor.settings"
_RULES = "rule"


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """A settings file that was read: its tables, and the text that tells where each key stands."""

    path: Path
    text: str
    tables: Mapping[str, Any]

    def rules(self) -> Mapping[str, Mapping[str, object]]:
        """The settings by rule; raises WrongUsage for anything but tables of rules."""
        rules = self.tables.get(_RULES, {})
        for name, table in rules.items() if isinstance(rules, dict) else [("", rules)]:
            if not isinstance(table, dict):
                problem = Problem(
                    "this stands in no rule's table.", "Write a line like [rule.warehouse_lost] above it."
                )
                raise WrongUsage(self.placed(problem, _RULES, name))
        return dict(rules)

    def options(self, commands: Mapping[str, click.Command]) -> dict[str, Any]:
        """What the file sets for each command, by the names of its parameters: a click default map.

        A key is an option as the command line spells it, without dashes in front: `as-of`. Raises WrongUsage for a key
        that is none, a table of no command or no rule, and a key outside all tables.
        """
        self.rules()
        found = {}
        for name, table in self.tables.items():
            if name in commands:
                found[name] = self._of_command(commands[name], table, name)
            elif name != _RULES:
                what = f"there is no command {name}." if isinstance(table, dict) else f"{name} stands in no table."
                raise self._unknown(what, name, [*commands, _RULES], name)
        return found

    def _of_command(self, command: click.Command, table: object, *path: str) -> dict[str, Any]:
        if not isinstance(table, dict):
            problem = Problem(f"{path[-1]} is a command, and its options a table.", f"Write it as [{'.'.join(path)}].")
            raise WrongUsage(self.placed(problem, *path))
        spelt = _spelt(command)
        inner = command.commands if isinstance(command, click.Group) else {}
        found: dict[str, Any] = {}
        for key, value in table.items():
            if key in inner:
                found[key] = self._of_command(inner[key], value, *path, key)
            elif parameter := spelt.get(_plain(key)):
                # one value of an option that may be given several times needs no list around it
                found[parameter.name or ""] = [value] if parameter.multiple and isinstance(value, str) else value
            else:
                if isinstance(value, dict) and path == ("rules",):
                    problem = Problem(f"the settings of a rule do not stand in [rules.{key}].", f"Write [rule.{key}].")
                    raise WrongUsage(self.placed(problem, *path, key))
                known = [name.replace("_", "-") for name in spelt] + list(inner)
                raise self._unknown(f"`audit {' '.join(path)}` has no option {key}.", key, known, *path, key)
        return found

    def wrong_value(self, error: click.BadParameter) -> click.BadParameter:
        """The error with file and line, when its value comes from this file; else the error as it is."""
        ctx, parameter = error.ctx, error.param
        if not ctx or not parameter or not parameter.name:
            return error
        if ctx.get_parameter_source(parameter.name) is not ParameterSource.DEFAULT_MAP:
            return error
        table: Any = self.tables
        path = ctx.command_path.split()[1:]
        for name in path:
            table = table.get(name, {})
        spelt = _spelt(ctx.command)
        key = next((key for key in table if spelt.get(_plain(key)) is parameter), parameter.name)
        return click.BadParameter(str(self.placed(Problem(error.message), *path, key)), ctx, parameter)

    def placed(self, problem: Problem, *key: str) -> Problem:
        """The problem with the file, and the line of the key."""
        from auditor.toml_lines import TomlLines

        return Problem(problem.what, problem.remedy, str(self.path), TomlLines(self.text).line(*key))

    def _unknown(self, what: str, name: str, known: Collection[str], *key: str) -> WrongUsage:
        near = get_close_matches(name, known, n=1)
        remedy = f"Did you mean {near[0]}?" if near else "Each table is a command, each key one of its options."
        return WrongUsage(self.placed(Problem(what, remedy), *key))


def read_settings(path: Path | None) -> SettingsFile | None:
    """The settings file at `path`, else the one in the working directory, else None.

    Raises WrongUsage when it is no TOML or no UTF-8.
    """
    if path is None and not DEFAULT_FILE.is_file():
        return None
    path = path or DEFAULT_FILE
    try:
        text = path.read_text(encoding="utf-8-sig")
        return SettingsFile(path, text, tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        remedy = "A value is a text in quotation marks, a number, true, false, a date or a list of such."
        raise WrongUsage(Problem(f"{error}.", remedy, str(path), int(line[1]) if line else None)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUsage(Problem(f"{error}.", "Mend the file or name another with --config.", str(path))) from error


def keep(settings: SettingsFile | None) -> None:
    """Keep the settings while the command runs."""
    click.get_current_context().meta[_KEPT] = settings


def kept() -> SettingsFile | None:
    """The settings of the command that runs."""
    context = click.get_current_context(silent=True)
    found: SettingsFile | None = context.meta.get(_KEPT) if context else None
    return found


def rule_settings() -> Mapping[str, Mapping[str, object]]:
    """The tables [rule.NAME] of the settings file, by rule; none without a file."""
    settings = kept()
    return settings.rules() if settings else {}


def _spelt(command: click.Command) -> dict[str, click.Option]:
    """The command's options by their spellings: those of the command line, and the names of AUDIT_* variables."""
    options = [option for option in command.params if isinstance(option, click.Option)]
    spellings = {option.name or "": option for option in options}
    return spellings | {_plain(name): option for option in options for name in option.opts if name.startswith("--")}


def _plain(option: str) -> str:
    return option.lstrip("-").replace("-", "_")
