from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from auditor.model import WrongUsage
from auditor.policy import Policy, PolicyError, load_policy

Small = Callable[[str], Path]

WINDOW = """[[window]]
claim_type = "lost"
regions = ["EU"]
anchor = "ledger_event_date"
effective_from = 2025-01-09
wait_days = 0
limit = "60 days"
confidence = "high"
source = "https://example.org/rule"
"""


def refusal(folder: Path) -> str:
    with pytest.raises(PolicyError) as refused:
        load_policy(folder)
    return str(refused.value)


def test_a_policy_folder_replaces_the_built_in_policy(small_policy: Small) -> None:
    policy = load_policy(small_policy(WINDOW))
    assert policy.claim_types == ("lost",)
    assert list(policy.marketplaces) == ["DE"]
    assert policy.checked == date(2026, 1, 1)


def test_a_row_may_have_been_checked_later_than_its_file(small_policy: Small) -> None:
    policy = load_policy(small_policy(WINDOW + "checked = 2026-06-30\n"))
    assert policy.checked == date(2026, 6, 30)


@pytest.mark.parametrize(
    ("instead", "of", "line", "told"),
    [
        ('limti = "60 days"', 'limit = "60 days"', 9, "key limti"),
        ('limit = "60"', 'limit = "60 days"', 9, '"60 days" or "9 months"'),
        ('limit = "0 days"', 'limit = "60 days"', 9, "key limit"),
        ("limit = 60", 'limit = "60 days"', 9, "key limit"),
        ("wait_days = -1", "wait_days = 0", 8, "key wait_days"),
        ('wait_days = "0"', "wait_days = 0", 8, "key wait_days"),
        ("wait_days = 61", "wait_days = 0", 3, "shorter than wait_days"),
        ('effective_from = "2025-01-09"', "effective_from = 2025-01-09", 7, "key effective_from"),
        ("effective_from = 2025-01-09T00:00:00", "effective_from = 2025-01-09", 7, "key effective_from"),
        ("effective_from = 2025-02-30", "effective_from = 2025-01-09", 7, "no TOML"),
        ("effective_to = 2025-01-08", "wait_days = 0", 3, "effective_to is before effective_from"),
        ('confidence = "certain"', 'confidence = "high"', 10, "key confidence"),
        ('source = ""', 'source = "https://example.org/rule"', 3, "source is blank"),
        ('source = "  "', 'source = "https://example.org/rule"', 3, "source is blank"),
        ("regions = []", 'regions = ["EU"]', 5, "key regions"),
        ('regions = ["Europe"]', 'regions = ["EU"]', 5, "key regions"),
        ('regions = ["CH"]', 'regions = ["EU"]', 3, "region CH"),
        ('claim_type = "Lost units"', 'claim_type = "lost"', 4, "key claim_type"),
    ],
)
def test_a_fault_is_named_with_file_line_and_key(
    small_policy: Small, instead: str, of: str, line: int, told: str
) -> None:
    folder = small_policy(WINDOW.replace(of, instead))
    message = refusal(folder)
    assert told in message
    assert f"{folder}/windows.toml:{line}: " in message


def test_a_window_of_a_single_day_is_fine(small_policy: Small) -> None:
    assert load_policy(small_policy(WINDOW.replace("wait_days = 0", "wait_days = 60"))).rows()[0].wait_days == 60


def test_a_missing_key_is_named(small_policy: Small) -> None:
    message = refusal(small_policy(WINDOW.replace('anchor = "ledger_event_date"\n', "")))
    assert "windows.toml:3: [[window]] table 1, key anchor: Field required" in message


def test_the_number_of_the_table_is_told(small_policy: Small) -> None:
    second = WINDOW.replace('"EU"', '"DE"').replace("wait_days = 0", "wait = 0")
    message = refusal(small_policy(WINDOW + "\n" + second))
    assert re.search(r"windows\.toml:18: \[\[window\]\] table 2, key wait: ", message)


def test_all_faults_are_told_at_once(small_policy: Small) -> None:
    message = refusal(small_policy(WINDOW.replace('"high"', '"certain"').replace('"60 days"', '"60"')))
    assert "key confidence" in message
    assert "key limit" in message


def test_an_unknown_kind_of_table_is_refused(small_policy: Small) -> None:
    assert "key windows" in refusal(small_policy(WINDOW.replace("[[window]]", "[[windows]]")))


def test_a_file_without_the_day_it_was_checked_is_refused(small_policy: Small) -> None:
    folder = small_policy(WINDOW)
    (folder / "windows.toml").write_text(WINDOW)
    assert "key checked: Field required" in refusal(folder)


class TestOverlap:
    earlier = WINDOW.replace("2025-01-09", "2024-01-01")

    def test_two_rows_of_one_region_on_one_day_are_refused(self, small_policy: Small) -> None:
        message = refusal(small_policy(self.earlier + WINDOW))
        assert "two rows for lost EU are in force on 2025-01-09" in message
        assert "windows.toml:12: " in message
        assert "windows.toml:3." in message

    def test_the_last_day_of_one_row_is_not_the_first_of_the_next(self, small_policy: Small) -> None:
        ends = self.earlier + "effective_to = 2025-01-09\n"
        assert "two rows for lost EU" in refusal(small_policy(ends + WINDOW))

    def test_rows_that_touch_are_fine(self, small_policy: Small) -> None:
        ends = self.earlier + "effective_to = 2025-01-08\n"
        assert len(load_policy(small_policy(ends + WINDOW)).rows()) == 2

    def test_a_gap_is_fine(self, small_policy: Small) -> None:
        ends = self.earlier + "effective_to = 2024-06-30\n"
        assert len(load_policy(small_policy(ends + WINDOW)).rows()) == 2

    def test_undated_rows_overlap_with_everything(self, small_policy: Small) -> None:
        undated = WINDOW.replace("effective_from = 2025-01-09\n", "")
        assert "two rows for lost EU" in refusal(small_policy(undated + WINDOW))
        assert "two rows for lost EU" in refusal(small_policy(undated + undated))

    def test_a_long_row_around_two_short_ones_is_found(self, small_policy: Small) -> None:
        inner = "".join(
            WINDOW.replace("2025-01-09", f"{year}-01-01") + f"effective_to = {year}-12-31\n" for year in (2025, 2027)
        )
        assert refusal(small_policy(self.earlier + inner)).count("two rows for lost EU") >= 1

    def test_other_regions_and_claim_types_do_not_overlap(self, small_policy: Small) -> None:
        others = WINDOW.replace('"EU"', '"OTHER"') + WINDOW.replace('"lost"', '"found"')
        assert len(load_policy(small_policy(WINDOW + others)).rows()) == 3

    def test_caps_and_value_bases_must_not_overlap_either(self, small_policy: Small) -> None:
        cap = (
            '[[cap]]\nregions = ["EU"]\namount = "2000"\ncurrency = "EUR"\nconfidence = "assumption"\nsource = ""\n'
            '[[basis]]\nclaim_types = ["lost"]\nregions = ["EU"]\nbasis = "cost"\n'
            'confidence = "assumption"\nsource = ""\n'
        )
        message = refusal(small_policy(WINDOW + cap + cap))
        assert message.count("two rows for") == 2


class TestMarketplaceTables:
    def test_two_marketplaces_with_one_name_are_refused(self, small_policy: Small) -> None:
        folder = small_policy(WINDOW)
        text = (folder / "marketplaces.toml").read_text()
        twin = text.split("\n", 1)[1].replace('code = "DE"', 'code = "AT"')
        (folder / "marketplaces.toml").write_text(text + twin)
        assert "AT is named de, and so is DE" in refusal(folder)


class TestFolders:
    def test_a_folder_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(WrongUsage, match="is no folder"):
            load_policy(tmp_path / "nowhere")

    def test_an_empty_folder_says_what_to_copy(self, tmp_path: Path) -> None:
        assert "copy rules/policy" in refusal(tmp_path)

    def test_a_file_in_another_encoding_is_refused(self, small_policy: Small) -> None:
        folder = small_policy(WINDOW)
        (folder / "more.toml").write_bytes("checked = 2026-01-01 # \xfc".encode("cp1252"))
        assert "more.toml: this file is not UTF-8 text" in refusal(folder)

    def test_other_files_and_folders_are_left_alone(self, small_policy: Small) -> None:
        folder = small_policy(WINDOW)
        (folder / "README.md").write_text("not TOML = [")
        (folder / "old.toml").mkdir()
        assert load_policy(folder).claim_types == ("lost",)


class TestVersion:
    def test_it_is_twelve_hex_digits(self, policy: Policy) -> None:
        assert re.fullmatch(r"[0-9a-f]{12}", policy.version)

    def test_a_copy_has_the_same_version(self, policy: Policy, own_policy: Path) -> None:
        assert load_policy(own_policy).version == policy.version

    def test_names_of_files_and_line_ends_do_not_matter(self, policy: Policy, own_policy: Path) -> None:
        for number, file in enumerate(sorted(own_policy.iterdir(), reverse=True)):
            content = file.read_bytes().replace(b"\n", b"\r\n")
            file.unlink()
            (own_policy / f"{number}.toml").write_bytes(b"\xef\xbb\xbf" + content)
        assert load_policy(own_policy).version == policy.version

    def test_order_of_tables_and_how_regions_share_them_do_not_matter(self, small_policy: Small) -> None:
        other = WINDOW.replace('"lost"', '"found"')
        first = load_policy(small_policy(WINDOW.replace('"EU"', '"EU", "OTHER"') + other)).version
        apart = other + "\n# a comment\n" + WINDOW.replace('"EU"', '"OTHER"') + WINDOW
        assert load_policy(small_policy(apart)).version == first

    @pytest.mark.parametrize(
        ("file", "of", "instead"),
        [
            ("fc_lost_damaged.toml", '"60 days"', '"61 days"'),
            ("fc_lost_damaged.toml", "2024-10-23", "2024-10-24"),
            ("fc_lost_damaged.toml", "Past.", "Long past."),
            ("values.toml", '"5000"', '"5001"'),
            ("values.toml", 'basis = "order"', 'basis = "cost"'),
            ("marketplaces.toml", '"SEK"', '"EUR"'),
        ],
    )
    def test_any_change_of_content_changes_it(
        self, policy: Policy, own_policy: Path, file: str, of: str, instead: str
    ) -> None:
        text = (own_policy / file).read_text(encoding="utf-8")
        assert of in text
        (own_policy / file).write_text(text.replace(of, instead, 1), encoding="utf-8")
        assert load_policy(own_policy).version != policy.version
