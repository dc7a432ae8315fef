"""Collect what page, terminal and rules say into the catalogues of `reports/languages/`.

python docs/messages.py            new messages are added without translation, those no longer said are dropped
python docs/messages.py --check    say what is missing or left over, and change nothing

What only the terminal says has the context "terminal" and stands in the catalogues of the languages that it speaks.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import write_po

from auditor.exports.catalog import load_catalog
from auditor.exports.cells import DAMAGED_BY_SPREADSHEET
from auditor.publish.language import (
    ENGLISH,
    LANGUAGES,
    READING,
    REPORTS,
    RULES,
    TERMINAL,
    TERMINAL_LANGUAGES,
    read_catalog,
)
from auditor.rulebook.candidates import ELSEWHERE
from auditor.rulebook.rules import load_rules

ROOT = Path(__file__).parent.parent
CATALOGUES = ROOT / "reports" / "languages"

#: Python that says something to a person of a finding, beside the SQL of the rules.
_SAYING = ("judge", "value", "attribution", "needs", "to_export", "doubts")
#: What other rooms compose: the limits of policy windows, why a rule stays silent.
_COMPOSED = (
    *("{} days", "{} months", "{}: the exports do not cover the days {}"),
    *("the fee before {} = {} {}", "the fee before {} - {} given back = {} {}"),
    *("the fee of the fee preview = {} {}", "the fee of the fee preview - {} given back = {} {}"),
    "the fee before {} or the fee of the fee preview = {} {}",
    "the fee before {} or the fee of the fee preview - {} given back = {} {}",
)
_COMMENT = re.compile(r"/\*.*?\*/|--[^\n]*", re.DOTALL)
_LITERAL = re.compile(r"'((?:[^']|'')*)'")
_SLOT = re.compile(r"\{[^{}]*(?:\{\}[^{}]*)*\}")
_WORD = re.compile(r"[A-Za-z]{2}")
#: Texts that SQL compares with what Amazon prints; nobody reads them as a sentence.
_COMPARED = re.compile(r"cubic |removal (shipped|received)$|fee preview$|aged surcharge$|refund reimbursal$")
#: How a cell is called whose text is not shown, and one whose text is.
_CELLS = ("the cell", "'{}'")
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
#: How Python names what the terminal says: `Speech.say` and `counted`, `marked` for a message said elsewhere, and the
#: steps of an audit.
_TERMINAL_KEYWORDS = {"say": None, "marked": None, "on_step": None, "counted": (2, 3)}


def said() -> Catalog:
    """Everything that is said in English, in a fixed order."""
    catalog = Catalog()
    for context, message in dict.fromkeys(
        [*_of_templates(), *_of_python(), *_of_terminal(), *_of_rules(), *_of_reading(), *_of_reports()]
    ):
        catalog.add(message, context=context)
    return catalog


def _of_templates() -> Iterator[tuple[str | None, str | tuple[str, ...]]]:
    options = {"trimmed": "false", "newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}
    for path in sorted((ROOT / "reports").rglob("*.j2")):
        for _, message, _, context in extract_from_file("jinja2", path, keywords=_KEYWORDS, options=options):
            yield context, message


def _of_python() -> Iterator[tuple[str | None, str | tuple[str, ...]]]:
    for path in sorted([*(ROOT / "auditor" / "publish").glob("*.py"), *(ROOT / "auditor" / "cli").glob("*.py")]):
        for _, message, _, context in extract_from_file("python", path, keywords=_KEYWORDS):
            yield context, message


def _of_terminal() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for path in sorted(path for room in (".", "publish", "cli") for path in (ROOT / "auditor" / room).glob("*.py")):
        for _, message, _, _ in extract_from_file("python", path, keywords=_TERMINAL_KEYWORDS):
            yield TERMINAL, message


def _of_reports() -> Iterator[tuple[str, str]]:
    for report in sorted(load_catalog().reports.values(), key=lambda report: report.id):
        yield REPORTS, report.title


def _of_rules() -> Iterator[tuple[str, str]]:
    rules, _ = load_rules(())
    for rule in rules:
        yield RULES, rule.facts.title
        yield TERMINAL, rule.facts.title
    for text in (*_COMPOSED, *_sentences_of_sql(), *_sentences_of_python(), *_codes()):
        for part in text.split("; "):
            if _WORD.search(_SLOT.sub("", part)):
                yield RULES, _numbered(part)


def _numbered(text: str) -> str:
    """The template with its places numbered from 0."""
    places = iter(range(len(text)))
    return _SLOT.sub(lambda _: f"{{{next(places)}}}", text).strip()


def _sentences_of_sql() -> Iterator[str]:
    for path in sorted([*(ROOT / "rules").glob("*/rule.sql"), *(ROOT / "rules" / "shared").glob("*.sql")]):
        code = _COMMENT.sub("", path.read_text("utf-8"))
        yield from (
            text
            for text in (m.replace("''", "'") for m in _LITERAL.findall(code))
            if " " in text.strip() and not _COMPARED.match(text)
        )


def _sentences_of_python() -> Iterator[str]:
    for name in _SAYING:
        tree = ast.parse((ROOT / "auditor" / "rulebook" / f"{name}.py").read_text("utf-8"))
        silent = {id(part) for node in ast.walk(tree) for part in _unsaid(node)}
        for node in ast.walk(tree):
            if id(node) in silent:
                continue
            if isinstance(node, ast.JoinedStr):
                text = "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
            else:
                continue
            if " " in text.strip() and "\n" not in text and not text.startswith("select "):
                yield text


def _unsaid(node: ast.AST) -> Iterable[ast.AST]:
    """Parts of a syntax tree that nobody reads as a sentence: docstrings, and the pieces of a longer string."""
    if isinstance(node, ast.JoinedStr):
        yield from (part for part in ast.walk(node) if part is not node)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value


def _of_reading() -> Iterator[tuple[str, str]]:
    """Why a row, a cell or a file could not be read."""
    yield READING, "not a known export"
    columns = [column for report in load_catalog().reports.values() for column in report.columns.values()]
    yield from ((READING, column.remedy) for column in columns if column.filled and column.remedy)
    for path in sorted((ROOT / "auditor" / "exports").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for text in (text for value in _reasons(node) for text in _texts(value)):
                if _WORD.search(_SLOT.sub("", text)):
                    yield READING, _numbered(text)


def _reasons(node: ast.AST) -> Iterator[ast.AST | None]:
    """Where the reading of exports says why: what a fault is made of, what is kept as a reason, what is returned."""
    match node:
        case ast.Call(func=ast.Name(id="Fault") | ast.Attribute(attr="_fault"), args=[_, _, reason, *_]):
            yield reason
        case ast.Call(func=ast.Name(id="_Stopped"), args=[reason]):
            yield reason
        case ast.Assign(targets=[ast.Name(id="reason") | ast.Attribute(attr="why")], value=reason):
            yield reason
        case ast.Assign(targets=[ast.Name(id="_KINDS")], value=ast.Tuple(elts=kinds)):
            yield from (kind for pair in kinds for kind in ast.iter_child_nodes(pair))
        case ast.keyword(arg="why_unknown", value=reason):
            yield reason
        case ast.FunctionDef(name="why_unknown" | "_misfit"):
            yield from _returned(node)
        case ast.FunctionDef(returns=ast.BinOp(right=ast.Name(id="str"), left=left)) if "Problem" in ast.unparse(left):
            yield from _returned(node)


def _returned(function: ast.AST) -> Iterator[ast.AST | None]:
    yield from (node.value for node in ast.walk(function) if isinstance(node, ast.Return))


def _texts(value: ast.AST | None) -> Iterator[str]:
    """The texts that an expression may be, each value in them as a place."""
    match value:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else _filled(part) for part in parts)
            yield from (text.replace("{_cell}", cell) for cell in _CELLS) if "{_cell}" in text else (text,)
        case ast.IfExp(body=one, orelse=other):
            yield from (text for each in (one, other) for text in _texts(each))
        case ast.BoolOp(values=either):
            yield from (text for each in either for text in _texts(each))


def _filled(part: ast.AST) -> str:
    match part:
        case ast.FormattedValue(value=ast.Attribute(attr="_cell")):
            return "{_cell}"
        case ast.FormattedValue(value=ast.Name(id="DAMAGED_BY_SPREADSHEET")):
            return DAMAGED_BY_SPREADSHEET
    return "{}"


def _codes() -> Iterator[str]:
    """The reasons for which a candidate is not claimed, from the cases that show each of them."""
    codes = {ELSEWHERE} | {need.table for rule in load_rules(())[0] for need in rule.facts.requires}
    for path in (ROOT / "rules").glob("*/cases.toml"):
        for case in tomllib.loads(path.read_text("utf-8"))["case"]:
            head, *rows = [
                [cell.strip() for cell in line.split("|")]
                for line in (case.get("not_claimed") or "reason").strip().splitlines()
            ]
            if "reason" in head:
                codes |= {row[head.index("reason")] for row in rows}
    yield from sorted(codes - {""})


def merged(code: str, fresh: Catalog) -> Catalog:
    """The catalogue of a language with every message that is said in it, and no other."""
    old = read_catalog(code) if (CATALOGUES / f"{code}.po").exists() else Catalog(locale=code)
    new = Catalog(locale=code, project="FBA reimbursement auditor", header_comment=f"# {LANGUAGES[code].name}")
    for message in fresh:
        if message.id and (message.context != TERMINAL or code in TERMINAL_LANGUAGES):
            known = old.get(message.id[0] if message.pluralizable else message.id, message.context)
            new.add(message.id, known.string if known else "", context=message.context)
    return new


def written(catalog: Catalog) -> bytes:
    """The file's bytes, the same for the same messages: without dates and line numbers."""
    out = BytesIO()
    write_po(out, catalog, width=0, omit_header=True, no_location=True)
    fields = ("Content-Type: text/plain; charset=utf-8", f"Plural-Forms: {catalog.plural_forms}")
    head = ['msgid ""', 'msgstr ""', *(f'"{field}\\n"' for field in fields), "", ""]
    return "\n".join(head).encode() + out.getvalue()


def main() -> int:
    """Update or check every catalogue; 1 when a check finds one out of date."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing, say what is out of date")
    check = parser.parse_args().check
    fresh, stale = said(), False
    for code in LANGUAGES:
        if code == ENGLISH:
            continue
        path, text = CATALOGUES / f"{code}.po", written(merged(code, fresh))
        if path.exists() and path.read_bytes() == text:
            continue
        stale = True
        print(f"{path.relative_to(ROOT)} {'is out of date' if check else 'is brought up to date'}")
        if not check:
            path.write_bytes(text)
    return int(check and stale)


if __name__ == "__main__":
    sys.exit(main())
