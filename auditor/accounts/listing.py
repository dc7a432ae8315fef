"""accounts.toml: whom we look after. Every fault is named with its line; one faulty account leaves the others alone."""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from auditor.accounts.settings import Account, AccountTable, Contact, Person, Settings, Table, Thresholds
from auditor.exports.patterns import matched
from auditor.model import Problem, WrongUsage
from auditor.toml_lines import Place, TomlLines

TOP = ("defaults", "groups", "people", "account")
_TABLES: Mapping[str, type[Table]] = {"contact": Contact, "thresholds": Thresholds}
_LINE = re.compile(r"at line (\d+)")
SomeTable = TypeVar("SomeTable", bound=Table)


@dataclass(frozen=True, slots=True)
class Listing:
    """The accounts of a file that can be worked on, in its order, and what is wrong with the others.

    `refused` holds the faults of each account that has some, by its ID ("account 3" for one without an ID); `problems`
    holds each fault of the file once, also those of tables that no account uses.
    """

    path: Path
    accounts: tuple[Account, ...]
    people: Mapping[str, Person]
    refused: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def account(self, account_id: str) -> Account:
        """The account of an ID or a name. Raises WrongUsage naming those that look like it."""
        for account in self.accounts:
            if account_id in {account.id, account.name}:
                return account
        if faults := self.refused.get(account_id):
            raise WrongUsage(*faults)
        like = get_close_matches(account_id, [a.id for a in self.accounts], n=3)
        remedy = f"Did you mean {', '.join(like)}?" if like else "`audit accounts check` shows the accounts."
        raise WrongUsage(Problem(f"there is no account {account_id!r}.", remedy, str(self.path)))


def read_listing(path: Path) -> Listing:
    """Read accounts.toml.

    Raises WrongUsage when the file as a whole cannot be meant: not there, no TOML, no account, tables of other names.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        data = tomllib.loads(text, parse_float=Decimal)
    except OSError as error:
        what = f"{path} cannot be read: {(error.strerror or str(error)).lower()}."
        raise WrongUsage(Problem(what, "docs/batch.md shows such a file.")) from error
    except UnicodeDecodeError as error:
        raise WrongUsage(Problem("this file is not UTF-8 text.", "Save it as UTF-8.", str(path))) from error
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        what, remedy = f"this is no TOML: {error}.", "Text stands in quotes; each table is written once."
        raise WrongUsage(Problem(what, remedy, str(path), int(line[1]) if line else None)) from error
    return _Reader(path, data, TomlLines(text)).listing()


def missing_exports(account: Account, file: str = "") -> list[Problem]:
    """What is wrong with where the account's exports should lie; nothing is read."""
    try:
        empty = [path for path in matched(account.paths) if path.is_dir() and not any(path.iterdir())]
        faults = [(f"{path} is empty.", "Put the account's exports there.") for path in empty]
    except WrongUsage as error:
        faults = [(problem.what, problem.remedy) for problem in error.problems]
    except OSError as error:
        faults = [(f"{error.filename} cannot be listed: {(error.strerror or '').lower()}.", "Grant read access.")]
    line = account.line if file else None
    return [Problem(f"account {account.id}: {what}", remedy, file, line) for what, remedy in faults]


class _Reader:
    """Collects every fault of one file, and whose it is."""

    def __init__(self, path: Path, data: Mapping[str, Any], lines: TomlLines) -> None:
        self.path, self.data, self.lines = path, data, lines
        self.problems: list[Problem] = []
        self.faults: dict[Place, list[Problem]] = defaultdict(list)

    def listing(self) -> Listing:
        self._refuse_other_shapes()
        defaults = self._table(Settings, "defaults")
        groups = {name: self._table(Settings, "groups", name) for name in self.data.get("groups", {})}
        people = {name: self._table(Person, "people", name, id=name) for name in self.data.get("people", {})}
        tables = [self._table(AccountTable, "account", i) for i in range(len(self.data["account"]))]
        self._twice("id")
        self._twice("name")
        self._read_twice()
        accounts: list[Account] = []
        refused: dict[str, tuple[Problem, ...]] = {}
        for index, table in enumerate(tables):
            account = self._account(index, table, defaults, groups, people) if table else None
            faults = self._faults(index)
            if account and not faults:
                accounts.append(account)
            else:
                name = self._named(index)
                refused[name] = (*refused.get(name, ()), *faults)
        known = {name: person for name, person in people.items() if person}
        return Listing(
            self.path,
            tuple(accounts),
            known,
            refused,
            tuple(sorted(self.problems, key=lambda problem: problem.line or 0)),
        )

    def _refuse_other_shapes(self) -> None:
        unknown = [
            self._problem(f"there is no table {name!r}{_suggested(name, TOP)}", (name,))
            for name in self.data
            if name not in TOP
        ]
        for name in ("defaults", "groups", "people"):
            inner = self.data.get(name, {})
            tables = [inner] if name == "defaults" else [inner, *(inner.values() if isinstance(inner, dict) else ())]
            if not all(isinstance(table, dict) for table in tables):
                shape = "[defaults]" if name == "defaults" else f"one table each, as in [{name}.NAME]"
                unknown.append(self._problem(f"{name} is no table; write {shape}", (name,)))
        accounts = self.data.get("account", [])
        if not isinstance(accounts, list) or not accounts or not all(isinstance(one, dict) for one in accounts):
            unknown.append(self._problem("there is no account; write [[account]] and below it its id", ("account",)))
        if unknown:
            raise WrongUsage(*unknown)

    def _table(self, kind: type[SomeTable], *path: str | int, **given: str) -> SomeTable | None:
        """A table of the file; None after its faults were noted."""
        try:
            return kind.model_validate({**self._said(path), **given})
        except ValidationError as invalid:
            for error in invalid.errors():
                self._fault(path, _explained(kind, error), *(step for step in error["loc"] if isinstance(step, str)))
        return None

    def _account(
        self,
        index: int,
        table: AccountTable,
        defaults: Settings | None,
        groups: Mapping[str, Settings | None],
        people: Mapping[str, Person | None],
    ) -> Account | None:
        """The account with what its group and the defaults say; its faults are noted."""
        at = ("account", index)
        if table.group and table.group not in groups:
            self._fault(at, f"there is no group {table.group!r}{_suggested(table.group, groups)}", "group")
        layers = [defaults, groups.get(table.group, Settings()) if table.group else Settings()]
        own = {name: getattr(table, name) for name in table.model_fields_set & set(Settings.model_fields)}
        settings = Settings.model_construct(set(own), **own)
        for layer in reversed(layers):
            if layer is None:
                return None
            settings = settings.over(layer)
        if settings.owner and settings.owner not in people:
            where = next(path for path in self._sources(index, table.group) if "owner" in self._said(path))
            self._fault(at, f"nobody is {settings.owner!r}{_suggested(settings.owner, people)}", "owner", said_at=where)
        if not settings.exports:
            self._fault(at, "it has no exports; name their folder, as in exports = 'blue_kettle'")
        said = {name: getattr(settings, name) for name in settings.model_fields_set}
        folder = self.path.resolve().parent
        return Account.model_construct(
            **said,
            id=table.id,
            name=table.name or table.id,
            group=table.group,
            line=self.lines.line(*at),
            paths=tuple(folder / export for export in settings.exports),
        )

    def _sources(self, index: int, group: str) -> tuple[Place, ...]:
        """The tables that speak for an account, the one that goes before the others first."""
        return ("account", index), ("groups", group), ("defaults",)

    def _said(self, path: Place) -> Any:
        said: Any = self.data
        for step in path:
            said = said[step] if isinstance(step, int) else said.get(step, {})
        return said

    def _faults(self, index: int) -> tuple[Problem, ...]:
        """The account's own faults and those of the tables that it takes values from."""
        group = self.data["account"][index].get("group", "")
        own = [self.faults.get(path, []) for path in self._sources(index, group if isinstance(group, str) else "")]
        return tuple(problem for faults in own for problem in faults)

    def _twice(self, key: str) -> None:
        """An ID names a folder and a name names cases: two accounts with the same one would mix."""
        said = [str(one.get(key, one.get("id", ""))).casefold() for one in self.data["account"]]
        count = Counter(said)
        for index, name in enumerate(said):
            if name and count[name] > 1 and key in self.data["account"][index]:
                others = [
                    self.lines.line("account", i, key) for i, one in enumerate(said) if one == name and i != index
                ]
                told = ", ".join(map(str, others))
                what = f"{key} {self.data['account'][index][key]!r} is that of another account as well (line {told})"
                self._fault(("account", index), what, key)

    def _read_twice(self) -> None:
        """The same exports for two accounts: their findings would be claimed twice."""
        said = [repr(one.get("exports", index)) for index, one in enumerate(self.data["account"])]
        for index, exports in enumerate(said):
            if others := [i for i, one in enumerate(said) if one == exports and i != index]:
                told = ", ".join(self._shown(i) for i in others)
                self._fault(("account", index), f"it reads the very exports of {told}", "exports")

    def _named(self, index: int) -> str:
        account_id = self.data["account"][index].get("id")
        return account_id if isinstance(account_id, str) and account_id else f"account {index + 1}"

    def _shown(self, index: int) -> str:
        name = self._named(index)
        return name if name.startswith("account ") else f"account {name}"

    def _fault(self, path: Place, what: str, *keys: str, said_at: Place | None = None) -> None:
        shown = self._shown(int(path[1])) if path[0] == "account" else f"[{'.'.join(map(str, path))}]"
        place = said_at or path
        about = f"{shown}, {'.'.join(keys)}: {what}" if keys else f"{shown}: {what}"
        problem = self._problem(about, (*place, *keys))
        self.faults[path].append(problem)
        self.problems.append(problem)

    def _problem(self, what: str, path: Place) -> Problem:
        return Problem(f"{what}{'' if what.endswith('?') else '.'}", "", str(self.path), self.lines.line(*path))


def _explained(kind: type[Table], error: Any) -> str:
    keys = [step for step in error["loc"] if isinstance(step, str)]
    if error["type"] == "extra_forbidden":
        inner = _TABLES.get(keys[0]) if len(keys) > 1 else kind
        known = set((inner or kind).model_fields) - ({"id"} if kind is Person else set())
        return f"there is no such key{_suggested(keys[-1], known)}"
    if error["type"] == "missing":
        return "it is missing"
    return str(error["msg"]).removeprefix("Value error, ")


def _suggested(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    like = get_close_matches(name, names, n=1)
    if like:
        return f"; did you mean {like[0]}?"
    return f"; known are {', '.join(names)}" if names else ""


__all__ = ["Account", "Contact", "Listing", "Person", "Settings", "Thresholds", "missing_exports", "read_listing"]
