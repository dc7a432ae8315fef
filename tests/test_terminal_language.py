"""In which language the terminal speaks: that of `--lang`, else that of the environment; files never follow it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from samples import contents

from auditor.check import CheckReport
from auditor.cli import cli
from auditor.cli.language import environment_language
from auditor.cli.progress import shown
from auditor.exports.catalog import load_catalog
from auditor.publish.reading import read_results
from auditor.publish.speech import speech_of
from auditor.request import Request
from auditor.store.workspace import open_workspace

GERMANY = {"LANG": "de_DE.UTF-8"}


def audit(*arguments: str, env: dict[str, str] | None = None) -> Result:
    result = CliRunner().invoke(cli, arguments, env=env)
    assert result.exit_code == 0, result.output
    return result


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_AT"}, "de"),
        ({"LANG": "de_CH.ISO-8859-1@euro"}, "de"),
        ({"LANG": "de"}, "de"),
        ({"LANG": "den_CA.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LC_MESSAGES": "de_DE.UTF-8", "LANG": "en_US.UTF-8"}, "de"),
        ({"LC_ALL": "en_US.UTF-8", "LC_MESSAGES": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "de_DE.UTF-8"}, "de"),
        ({"LC_NUMERIC": "de_DE.UTF-8", "LC_TIME": "de_DE.UTF-8"}, "en"),
        ({"LANGUAGE": "de", "LANG": "en_US.UTF-8"}, "de"),
        ({"LANGUAGE": "fr:de_AT:en", "LANG": "fr_FR.UTF-8"}, "de"),
        ({"LANGUAGE": "en:de", "LANG": "de_DE.UTF-8"}, "en"),
        ({"LANGUAGE": "fr", "LANG": "de_DE.UTF-8"}, "de"),
        ({"LANGUAGE": "de", "LC_ALL": "C"}, "en"),
        ({"LANGUAGE": "de", "LANG": "POSIX"}, "en"),
        ({"LANGUAGE": "de"}, "de"),
    ],
)
def test_the_environment_is_read_as_gettext_reads_it(environment: dict[str, str], language: str) -> None:
    assert environment_language(environment) == language


def test_a_german_environment_is_spoken_to_in_german_and_lang_wins(audited: Callable[[str], Path]) -> None:
    out = str(audited("jp"))
    german = audit("deadlines", "--out", out, env=GERMANY).output
    assert german.startswith("Einzureichen, Stand: ")
    assert audit("deadlines", "--out", out, "--lang", "de").output == german
    english = audit("deadlines", "--out", out).output
    assert english.startswith("To file, as of ")
    assert audit("deadlines", "--out", out, "--lang", "en", env=GERMANY).output == english
    assert audit("deadlines", "--out", out, "--lang", "fr", env=GERMANY).output == english


def test_explain_speaks_german_of_a_finding_and_of_a_product(audited: Callable[[str], Path]) -> None:
    out = audited("jp")
    finding = next(one for one in read_results(out).findings if one.fnsku and one.claim_by)
    story = audit("explain", finding.finding_id, "--out", str(out), env=GERMANY).output
    for heading in ("Produkt", "Referenz", "Rechnung", "Wert", "Antragsfenster", "Entwurf", "Quellzeilen"):
        assert f"\n{heading}" in story
    product = audit("explain", finding.fnsku, "--out", str(out), env=GERMANY).output
    assert "\nBefunde (Einzelheiten: audit explain ID)\n" in product
    assert finding.finding_id in product


def test_check_speaks_german(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    nothing = CheckReport(None, (), load_catalog(), {}, (), (), (), (), ("a.txt: cut off.",), ())
    monkeypatch.setattr("auditor.check.check_exports", lambda _: nothing)
    paths = (str(tmp_path), "--workspace", str(tmp_path / "workspace"))
    german = audit("check", *paths, "--lang", "de").output
    assert "\nWas jede Regel braucht" in german
    assert german.endswith("\nwarning: a.txt: cut off.\n")
    assert audit("check", *paths, env=GERMANY).output == german
    assert "\nWhat each rule needs" in audit("check", *paths, "--lang", "en", env=GERMANY).output


@pytest.mark.parametrize("arguments", [("--lang", "de"), ()])
def test_json_is_the_same_in_every_language(arguments: tuple[str, ...], audited: Callable[[str], Path]) -> None:
    out = audited("jp")
    finding = read_results(out).findings[0]
    for command in (("explain", finding.finding_id), ("explain", finding.fnsku), ("deadlines",)):
        english = audit(*command, "--out", str(out), "--json").stdout
        assert audit(*command, "--out", str(out), "--json", *arguments, env=GERMANY).stdout == english


@pytest.fixture
def run(audited: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """`audit run` that concludes what was concluded of the sample before: only what it writes and prints is new."""
    results = read_results(audited("jp"))
    monkeypatch.setattr("auditor.audit.audit", lambda _: results)
    (tmp_path / "in").mkdir()

    def command(out: str, *options: str, env: dict[str, str] | None = None) -> Result:
        paths = (str(tmp_path / "in"), "--out", str(tmp_path / out), "--workspace", str(tmp_path / "workspace"))
        return audit("run", *paths, *options, env=env)

    return command


def test_the_results_folder_does_not_follow_the_environment(run: Callable[..., Result], tmp_path: Path) -> None:
    assert "\nFile next\n" in run("english").output
    assert "\nAls Nächstes einzureichen\n" in run("german", env=GERMANY).output
    assert contents(tmp_path / "german") == contents(tmp_path / "english")
    assert b'<html lang="en">' in (tmp_path / "german" / "summary.html").read_bytes()


def test_lang_is_for_the_page_and_for_the_terminal(run: Callable[..., Result], tmp_path: Path) -> None:
    assert "\nAls Nächstes einzureichen\n" in run("german", "--lang", "de").output
    assert b'<html lang="de">' in (tmp_path / "german" / "summary.html").read_bytes()
    assert "\nFile next\n" in run("french", "--lang", "fr", env=GERMANY).output
    assert b'<html lang="fr">' in (tmp_path / "french" / "summary.html").read_bytes()


def test_run_prints_the_same_json_in_every_language(run: Callable[..., Result]) -> None:
    english = json.loads(run("one", "--json").stdout)
    assert json.loads(run("two", "--json", "--lang", "de").stdout) == english
    assert json.loads(run("three", "--json", env=GERMANY).stdout) == english


def test_the_progress_of_an_audit_is_told_in_german(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[Any] = []
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr("rich.progress.Progress.update", lambda _, __, description: told.append(description))
    request = Request(paths=(tmp_path,), workspace=open_workspace(tmp_path / "workspace"))
    with shown(request, speech_of("de"), quiet=False) as watched:
        watched.on_step("reading the exports")
        watched.on_rule("warehouse_lost")
    assert told == ["Exporte werden gelesen", "Regel wird geprüft: warehouse_lost"]
    assert "Exporte werden gesucht" in capsys.readouterr().err
