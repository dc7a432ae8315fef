"""What the pages over accounts share: templates that escape, and filters in English."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, FunctionLoader, StrictUndefined

from auditor.publish.language import ENGLISH, load_language
from auditor.publish.page_format import Format
from auditor.publish.page_pen import asset


@cache
def environment() -> Environment:
    """The templates of reports/, every value escaped; an unknown name is an error."""
    made = Environment(
        loader=FunctionLoader(asset), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters.update(Format(load_language(ENGLISH)).filters)
    return made
