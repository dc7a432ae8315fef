"""What is wrong with a TOML file that people write, by key and line, in words that say how to mend it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError

from auditor.model import Problem
from auditor.toml_lines import Place, TomlLines


def toml_faults(
    error: ValidationError,
    text: str,
    file: str,
    models: Iterable[type[BaseModel]],
    *,
    spelt: Mapping[str, str] = {},
    unsaid: Collection[str] = (),
) -> list[Problem]:
    """A problem for each fault of `text`, which did not fit the models.

    `spelt` is how the file spells names that the models call otherwise, `unsaid` are names that stand in no file.
    """
    lines = TomlLines(text)
    known = [spelt.get(name, name) for model in models for name in model.model_fields]
    problems = []
    for fault in error.errors():
        place: Place = tuple(spelt.get(str(part), part) for part in fault["loc"] if part not in unsaid)
        key = ".".join(map(str, place))
        what, remedy = f"{key}: {fault['msg'].replace('tuple', 'list')}.", ""
        if fault["type"] == "missing":
            what = f"{key}: it is missing."
        elif fault["type"] == "extra_forbidden":
            near = get_close_matches(str(place[-1]), known, n=1)
            what, remedy = f"{key}: there is no such key.", f"Did you mean {near[0]}?" if near else ""
        elif fault["type"] == "value_error":
            what = f"{fault['ctx']['error']!s}."
        problems.append(Problem(what, remedy, file, lines.line(*place)))
    return problems
