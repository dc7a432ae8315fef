"""What writes a page in one language: templates, filters and the words that lists need."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from auditor.model import Finding
from auditor.publish.language import ENGLISH, Language, load_language
from auditor.publish.page_figures import file_by
from auditor.publish.page_format import Format

_SUM_PART = re.compile(r"(\d+) ([a-z][a-z ]*[a-z])")
_SUM = re.compile(rf"{_SUM_PART.pattern}( [-+] {_SUM_PART.pattern})* = \d+ open")


@dataclass(frozen=True)
class Pen:
    """What writes a page in one language: the templates with their filters, and the words that lists need."""

    form: Format
    environment: Environment

    def words(self, macro: str, *arguments: Any) -> str:
        """What a macro of the templates says."""
        return str(getattr(self.environment.globals["page_words"], macro)(*arguments))

    def word(self, words: str, code: str) -> str:
        """The word for a code in one of the tables of words.html.j2, such as ROLES; "" when it has none."""
        return str(getattr(self.environment.globals["page_words"], words).get(code, ""))

    def summary_of(self, finding: Finding) -> str:
        """The finding's summary: its rule, and the sum or what the rule says of the money."""
        title, _, rest = finding.summary.partition(": ")
        language = self.form.language
        if not rest or language.code == ENGLISH:
            return finding.summary
        told = _SUM_PART.sub(self._counted, rest) if _SUM.fullmatch(rest) else language.told(rest)
        return language.named(title) + language.messages.gettext(": ") + told

    def _counted(self, part: re.Match[str]) -> str:
        role = part[2].replace(" ", "_")
        gettext = self.form.language.messages.gettext
        return f"{part[1]} {gettext('units open') if role == 'open' else self.words('role', role)}"


@cache
def pen_of(code: str, *, masked: bool = False) -> Pen:
    """The pen of a language by its code; `masked` hides amounts of money."""
    return pen_in(load_language(code), masked=masked)


def pen_in(language: Language, *, masked: bool = False) -> Pen:
    """The pen of a language."""
    form = Format(language, masked)
    environment = Environment(
        loader=FunctionLoader(asset),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(language.messages, newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(form.filters, file_by=file_by)
    pen = Pen(form, environment)
    environment.globals.update(summary_of=pen.summary_of)
    environment.globals["page_words"] = environment.get_template("words.html.j2").module
    return pen


@cache
def asset(name: str) -> str:
    """A file of the package of templates, as text."""
    return files("auditor.reports").joinpath(*name.split("/")).read_text("utf-8")


def content_policy(style: str, script: str) -> str:
    """The page may run its own style and script and nothing else; it loads nothing."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
