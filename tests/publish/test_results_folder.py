"""The results folder appears whole or not at all, and never costs a person a file."""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditor.model import AuditError, Results, WrongUsage
from auditor.publish import folder, lock, swap
from auditor.publish.files import OWN_NAMES, result_files
from auditor.publish.folder import checked, write_results
from auditor.publish.lock import held
from auditor.publish.swap import lock_beside, standing

PAGE = {"summary.html": b"<!doctype html>"}


def _content(place: Path) -> dict[str, bytes]:
    return {
        path.relative_to(place).as_posix(): path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()
    }


def _beside(out: Path) -> list[str]:
    return sorted(path.name for path in out.parent.iterdir() if path != out)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "results"


@pytest.fixture(params=["exchanged in one step", "renamed in two steps"])
def any_swap(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "renamed in two steps":
        monkeypatch.setattr(swap, "_exchanged", lambda *_: False)
    return str(request.param)


def test_a_first_run_makes_the_folder_with_every_file(results: Results, tmp_path: Path) -> None:
    out = tmp_path / "new" / "deep" / "results"
    write_results(results, out, extra=PAGE)
    assert {path.name for path in out.iterdir()} == OWN_NAMES
    assert _beside(out) == []


def test_two_folders_of_the_same_results_are_equal_byte_for_byte(results: Results, tmp_path: Path) -> None:
    write_results(results, tmp_path / "one", extra=PAGE)
    write_results(results, tmp_path / "other name", extra=PAGE)
    assert _content(tmp_path / "one") == _content(tmp_path / "other name")


def test_no_file_names_the_folder_it_lies_in(results: Results, tmp_path: Path) -> None:
    out = tmp_path / "unmistakable-name"
    write_results(results, out, extra=PAGE)
    assert [name for name, content in _content(out).items() if b"unmistakable-name" in content] == []


@pytest.mark.usefixtures("any_swap")
def test_a_second_run_replaces_the_whole_folder(results: Results, empty: Results, out: Path) -> None:
    write_results(results, out, extra=PAGE)
    write_results(empty, out, extra={})
    assert [path.name for path in (out / "claims").iterdir()] == ["index.csv"]
    assert not (out / "summary.html").exists()
    assert _beside(out) == []


@pytest.mark.skipif(os.name != "posix", reason="exchanging names is a Linux call")
def test_here_names_are_exchanged_in_one_step(tmp_path: Path) -> None:
    if os.uname().sysname != "Linux":
        pytest.skip("exchanging names is a Linux call")
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    assert swap._exchanged(tmp_path / "one", tmp_path / "other")
    assert (tmp_path / "one" / "other").exists()
    assert (tmp_path / "other" / "one").exists()


@pytest.mark.usefixtures("any_swap")
def test_files_that_a_person_added_move_on_into_the_new_folder(results: Results, empty: Results, out: Path) -> None:
    write_results(results, out, extra=PAGE)
    (out / "my notes.txt").write_text("called Amazon")
    (out / "filed" / "may").mkdir(parents=True)
    (out / "filed" / "may" / "claim.pdf").write_bytes(b"%PDF")
    (out / "claims" / "screenshot.png").write_bytes(b"png")
    (out / "link").symlink_to("my notes.txt")
    write_results(empty, out, extra=PAGE)
    assert (out / "my notes.txt").read_text() == "called Amazon"
    assert (out / "filed" / "may" / "claim.pdf").read_bytes() == b"%PDF"
    assert (out / "claims" / "screenshot.png").read_bytes() == b"png"
    assert (out / "link").is_symlink()


def test_a_folder_with_foreign_files_is_refused_and_left_alone(results: Results, out: Path) -> None:
    out.mkdir()
    (out / "thesis.docx").write_text("years of work")
    with pytest.raises(WrongUsage, match="not audit results"):
        write_results(results, out, extra=PAGE)
    assert _content(out) == {"thesis.docx": b"years of work"}
    assert _beside(out) == []


def test_the_run_json_of_another_program_does_not_make_a_folder_ours(results: Results, out: Path) -> None:
    out.mkdir()
    (out / "run.json").write_text('{"tool": {"name": "simulator"}}')
    with pytest.raises(WrongUsage):
        write_results(results, out, extra=PAGE)


def test_an_empty_folder_is_used(results: Results, out: Path) -> None:
    out.mkdir()
    write_results(results, out, extra=PAGE)
    assert (out / "run.json").exists()


def test_a_file_in_the_place_of_the_folder_is_refused(results: Results, out: Path) -> None:
    out.write_text("x")
    with pytest.raises(WrongUsage, match="is a file"):
        write_results(results, out, extra=PAGE)


def test_the_folder_one_stands_in_is_refused(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (out / "below").mkdir(parents=True)
    monkeypatch.chdir(out / "below")
    with pytest.raises(WrongUsage, match="folder you are in"):
        checked(out)


def test_a_link_to_a_folder_stays_a_link(results: Results, empty: Results, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_results(results, tmp_path / "link", extra=PAGE)
    write_results(empty, tmp_path / "link", extra=PAGE)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "run.json").exists()


@pytest.mark.parametrize(
    ("code", "told"),
    [(errno.ENOSPC, "disk is full"), (errno.EACCES, "cannot be written to"), (errno.EIO, "cannot be written")],
)
def test_a_write_that_fails_leaves_the_old_results_and_no_trace(
    results: Results, empty: Results, out: Path, monkeypatch: pytest.MonkeyPatch, code: int, told: str
) -> None:
    write_results(results, out, extra=PAGE)
    before = _content(out)
    write = folder._write

    def failing(path: Path, content: bytes) -> None:
        if path.name == "findings.xlsx":
            raise OSError(code, os.strerror(code), str(path))
        write(path, content)

    monkeypatch.setattr(folder, "_write", failing)
    with pytest.raises(AuditError, match=told) as caught:
        write_results(empty, out, extra=PAGE)
    assert caught.value.problems[0].remedy
    assert _content(out) == before
    assert _beside(out) == []


def test_a_mounted_folder_is_named_as_the_reason(results: Results, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> None:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    monkeypatch.setattr(folder, "put_in_place", busy)
    with pytest.raises(AuditError, match="mounted folder"):
        write_results(results, out, extra=PAGE)


def test_an_error_while_a_file_is_made_leaves_the_old_results(
    results: Results, empty: Results, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_results(results, out, extra=PAGE)
    before = _content(out)

    def breaking(*_: object, **__: object) -> Iterator[tuple[str, bytes]]:
        yield "findings.csv", b"half"
        raise RuntimeError("a defect")

    monkeypatch.setattr(folder, "result_files", breaking)
    with pytest.raises(RuntimeError):
        write_results(empty, out, extra=PAGE)
    assert _content(out) == before
    assert _beside(out) == []


def test_a_second_run_into_the_same_folder_is_told_when_the_first_takes_long(results: Results, out: Path) -> None:
    with held(lock_beside(out), 0, "never"), pytest.raises(AuditError, match="Another run is writing"):
        write_results(results, out, extra=PAGE, patience=0.15)
    write_results(results, out, extra=PAGE, patience=0)
    assert _beside(out) == []


def test_a_second_run_waits_for_the_first(results: Results, out: Path) -> None:
    child = os.fork()
    if child == 0:
        with held(lock_beside(out), 0, "never"):
            (out.parent / "held").touch()
            time.sleep(0.3)
        os._exit(0)
    while not (out.parent / "held").exists():
        time.sleep(0.01)
    write_results(results, out, extra=PAGE)
    os.waitpid(child, 0)
    assert (out / "run.json").exists()


def test_the_lock_of_a_killed_run_holds_nobody_up(results: Results, out: Path) -> None:
    child = os.fork()
    if child == 0:
        with held(lock_beside(out), 0, "never"):
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert lock_beside(out).exists()
    write_results(results, out, extra=PAGE, patience=0)
    assert _beside(out) == []


def test_a_lock_file_removed_by_its_last_holder_is_not_mistaken_for_the_lock(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, tries = lock._try, []

    def the_last_holder_lets_go_just_now(handle: int) -> bool:
        tries.append(handle)
        if len(tries) == 1:
            lock_beside(out).unlink()
        return really(handle)

    monkeypatch.setattr(lock, "_try", the_last_holder_lets_go_just_now)
    with (
        held(lock_beside(out), 1, "first"),
        pytest.raises(AuditError, match="second"),
        held(lock_beside(out), 0, "second"),
    ):
        pass


def test_what_killed_runs_left_is_removed_and_what_only_looks_alike_is_not(results: Results, out: Path) -> None:
    for name in (".results.part-999999", f".results.part-{os.getppid()}", ".results.part-mine", ".results2.part-7"):
        (out.parent / name).mkdir()
        (out.parent / name / "file").touch()
    write_results(results, out, extra=PAGE)
    assert _beside(out) == [".results.part-mine", ".results2.part-7"]


def test_a_swap_in_two_steps_that_was_cut_off_is_mended(
    results: Results, empty: Results, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_results(results, out, extra=PAGE)
    before = _content(out)
    out.rename(out.with_name(".results.old-999999"))
    assert _content(standing(out)) == before
    monkeypatch.setattr(folder, "_replace", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    with pytest.raises(AuditError):
        write_results(empty, out, extra=PAGE)
    assert _content(out) == before
    assert _beside(out) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_kill_at_any_moment_leaves_the_old_or_the_new_folder_whole(
    results: Results, empty: Results, out: Path, any_swap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The children write files made beforehand: a forked process must not use the reader's threads.
    made = {id(one): list(result_files(one)) for one in (results, empty)}
    monkeypatch.setattr(folder, "result_files", lambda one, **_: iter(made[id(one)]))
    whole = []
    for one in (results, empty):
        write_results(one, out, extra=PAGE)
        whole.append(_content(out))
    chance = random.Random(20260630)
    left_something = 0
    for _ in range(40):
        child = os.fork()
        if child == 0:
            while True:
                write_results(results, out, extra=PAGE)
                write_results(empty, out, extra=PAGE)
        time.sleep(chance.uniform(0.002, 0.05))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert _content(standing(out)) in whole
        assert any_swap != "exchanged in one step" or out.exists()
        left_something += bool([name for name in _beside(out) if ".part-" in name or ".old-" in name])
    assert left_something, "no kill fell into a write: the test proves nothing"
    write_results(results, out, extra=PAGE)
    assert _content(out) == whole[0]
    assert _beside(out) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_reader_always_finds_a_folder_while_it_is_replaced(
    results: Results, empty: Results, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {id(one): list(result_files(one)) for one in (results, empty)}
    monkeypatch.setattr(folder, "result_files", lambda one, **_: iter(made[id(one)]))
    write_results(results, out, extra=PAGE)
    first = out.stat().st_ino
    child = os.fork()
    if child == 0:
        for _ in range(20):
            write_results(empty, out, extra=PAGE)
            write_results(results, out, extra=PAGE)
        os._exit(0)
    seen = set()
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        seen.add(out.stat().st_ino)  # raises when there is no folder for a moment
    assert seen != {first}


def test_the_page_may_not_overwrite_a_file_of_ours(results: Results, out: Path) -> None:
    for name in ("findings.csv", "../findings.csv"):
        with pytest.raises(ValueError, match="plain file name"):
            write_results(results, out, extra={name: b"other"})
    assert not out.exists()


def test_a_long_workbook_leaves_no_temporary_files(
    results: Results, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from auditor.publish import workbook

    monkeypatch.setattr(workbook, "_ROWS_IN_MEMORY", 1)
    write_results(results, out, extra=PAGE)
    assert {path.name for path in out.iterdir()} == OWN_NAMES


def test_the_manifest_decides_what_is_ours(results: Results, out: Path) -> None:
    write_results(results, out, extra=PAGE)
    manifest: dict[str, Any] = json.loads((out / "run.json").read_text())
    assert folder.is_results_folder(out)
    (out / "run.json").write_text(json.dumps({**manifest, "tool": {"name": "other"}}))
    assert not folder.is_results_folder(out)


def test_equal_findings_stay_two_rows(results: Results, out: Path, make_finding: Callable[..., Any]) -> None:
    twins = replace(results, findings=(make_finding(1), make_finding(1, finding_id="f2")), drafts=())
    write_results(twins, out, extra=PAGE)
    assert len((out / "findings.csv").read_text().splitlines()) == 3
