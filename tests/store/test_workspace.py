"""The workspace: a folder of any name, made when missing, refused when it cannot be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.model import WrongUsage
from auditor.store.workspace import default_folder, open_workspace


def test_a_workspace_is_created_with_all_its_parents(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "some" / "where")
    assert workspace.cache.is_dir()
    assert open_workspace(workspace.folder) == workspace


def test_opening_leaves_nothing_behind_but_the_cache_folder(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "mine")
    assert [path.name for path in workspace.folder.rglob("*")] == ["cache"]


def test_a_file_in_its_place_is_refused_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("not a folder", encoding="utf-8")
    with pytest.raises(WrongUsage, match=r"mine cannot be used: .* --workspace"):
        open_workspace(tmp_path / "mine")
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "not a folder"


def test_every_account_and_every_input_has_a_folder_of_its_own(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    folders = {
        default_folder(tmp_path, account, paths)
        for account in ("Kitchen", "kitchen", "Kitchen 2", "")
        for paths in ([one], [other], [one, other])
    }
    assert len(folders) == 12


def test_the_order_and_spelling_of_paths_make_no_other_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    absolute = default_folder(tmp_path, "Kitchen", [tmp_path / "a", tmp_path / "b"])
    assert default_folder(tmp_path, "Kitchen", [Path("b"), Path("x/../a")]) == absolute


@pytest.mark.parametrize("account", ["../../etc", "a/b", "...", "", "Küche & Söhne", "\x00"])
def test_no_account_name_leads_out_of_the_folder_of_workspaces(tmp_path: Path, account: str) -> None:
    folder = default_folder(tmp_path, account, [tmp_path])
    assert folder.resolve().parent == (tmp_path / "workspaces").resolve()
    assert folder.name.isascii()
