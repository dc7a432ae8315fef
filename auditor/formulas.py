"""Text that a spreadsheet must show and never run."""

from __future__ import annotations

import re

# Spreadsheets skip blanks and invisible characters before they decide that a cell is a formula, and some fold
# full-width and small signs into ASCII first.  https://owasp.org/www-community/attacks/CSV_Injection
# Apostrophes in front are part of the pattern so that `restore` undoes exactly what `neutralise` did.
_INVISIBLE = "\\s\x00-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_FORMULA = re.compile(f"'*(?:[\t\r\n]|[{_INVISIBLE}]*[=+\\-@\u2212\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20])")


def neutralise(text: str) -> str:
    """The text with an apostrophe in front when a spreadsheet would run it as a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def restore(text: str) -> str:
    """The text as it was before `neutralise`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
