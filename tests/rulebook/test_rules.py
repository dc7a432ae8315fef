"""Loading rules, those of a user among them, and what a broken one does to the others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from auditor.exports.catalog import Catalog
from auditor.model import AuditError, WrongUsage
from auditor.policy import Policy
from auditor.rulebook.check import check_rule, parameters
from auditor.rulebook.judge import Bench, judge
from auditor.rulebook.rules import load_rule, load_rules, replacements, switched_off
from auditor.rulebook.shared_tables import build_shared_tables
from auditor.rulebook.value import load_valuation
from auditor.store.coverage import Coverage, Span

from .conftest import AS_OF, FRONT, QUERY

Writes = Callable[..., Path]


def lose(con: duckdb.DuckDBPyConnection, units: int, found: int = 0) -> None:
    """One loss in the ledger, of which Amazon counts some units as found again."""
    con.execute(
        """insert into ledger (date, fnsku, msku, event_type, reason, quantity, reference_id, disposition, country,
             reconciled, unreconciled, row_id, export_last_day, has_figures)
           values ('2026-04-10', 'X1', 'SKU-1', 'Adjustments', 'M', ?, '2000', 'SELLABLE', 'US', ?, ?, 1, ?, ?)""",
        [-units, found, units - found, AS_OF, found > 0],
    )


def bench(con: duckdb.DuckDBPyConnection, catalog: Catalog, policy: Policy) -> Bench:
    """An account whose exports cover everything."""
    coverage = {report.table: Coverage((Span(date(2020, 1, 1), AS_OF),)) for report in catalog.reports.values()}
    return Bench("", AS_OF, policy, load_valuation(con, policy, AS_OF)[0], coverage, "US")


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('why = "Why it is owed."\n', "", "why: it is missing"),
        ('title = "Lost, for a test"\n', "", "title: it is missing"),
        ('basis = "cost"', 'basis = "guess"', "basis: "),
        ('basis = "cost"', 'basis = "cost"\nwindows = "x"', "windows: there is no such key"),
        ('inputs = ["ledger"]', 'inputs = "ledger"', "inputs: "),
        ('minus = ["found"]', 'minus = []\n[[requires]]\ntable = "ledger"\nto = "tomorrow"\nwithout = "review"',
         "requires.0.to: "),
        ('minus = ["found"]', 'minus = []\n[[requires]]\ntable = "ledger"\nto = "as_of"', "requires.0.without: "),
        ('basis = "cost"', 'basis = "cost"\nreads = ["ledger", []]', "reads.1: "),
    ],
)  # fmt: skip
def test_a_mistake_in_the_front_matter_names_file_and_key(
    write_rule: Writes, right: str, wrong: str, said: str
) -> None:
    assert right in FRONT
    with pytest.raises(AuditError) as refused:
        load_rule(write_rule(front=FRONT.replace(right, wrong)), built_in=False)
    (problem,) = refused.value.problems
    assert problem.file == "test_rule/rule.sql"
    assert problem.what.startswith(said)


def test_a_list_among_the_tables_it_reads_names_those_of_which_one_is_enough(write_rule: Writes) -> None:
    front = FRONT.replace('basis = "cost"', 'basis = "cost"\nreads = [["settlements_v2", "transactions"], "orders"]')
    facts = load_rule(write_rule(front=front), built_in=False).facts
    assert facts.reads == (("settlements_v2", "transactions"), ("orders",))
    assert facts.tables == {"settlements_v2", "transactions", "orders"}


def test_every_mistake_of_the_front_matter_is_named_at_once(write_rule: Writes) -> None:
    front = FRONT.replace('why = "Why it is owed."\n', "").replace('basis = "cost"', 'basis = "guess"')
    with pytest.raises(AuditError) as refused:
        load_rule(write_rule(front=front), built_in=False)
    assert len(refused.value.problems) == 2


def test_front_matter_that_is_no_toml_is_named_with_its_line(write_rule: Writes) -> None:
    with pytest.raises(AuditError) as refused:
        load_rule(write_rule(front='title = "Lost"\nwhat = \n'), built_in=False)
    (problem,) = refused.value.problems
    assert (problem.file, problem.line) == ("test_rule/rule.sql", 3)


def test_a_query_without_front_matter_is_refused(write_rule: Writes) -> None:
    folder = write_rule()
    (folder / "rule.sql").write_text(QUERY, encoding="utf-8")
    with pytest.raises(AuditError, match="front matter"):
        load_rule(folder, built_in=False)


def test_the_start_of_a_coverage_need_is_called_from_in_the_file(write_rule: Writes) -> None:
    need = '[[requires]]\ntable = "ledger"\nfrom = "event_date"\nto = "as_of"\nwithout = "review"\n'
    rule = load_rule(write_rule(front=FRONT + need), built_in=False)
    assert [(n.table, n.first, n.to) for n in rule.facts.requires] == [("ledger", "event_date", "as_of")]


def test_the_version_follows_the_content_and_not_the_line_ends(write_rule: Writes) -> None:
    folder = write_rule()
    rule = load_rule(folder, built_in=False)
    text = (folder / "rule.sql").read_text(encoding="utf-8")
    (folder / "rule.sql").write_bytes(text.replace("\n", "\r\n").encode())
    assert load_rule(folder, built_in=False) == rule
    (folder / "rule.sql").write_text(text + "-- changed\n", encoding="utf-8")
    assert load_rule(folder, built_in=False).version != rule.version


def test_a_folder_of_the_user_adds_a_rule(write_rule: Writes) -> None:
    packaged = {rule.rule_id for rule in load_rules()[0]}
    rules, problems = load_rules([write_rule().parent])
    assert problems == ()
    assert {rule.rule_id for rule in rules} == packaged | {"test_rule"}
    assert {rule.rule_id for rule in rules if not rule.built_in} == {"test_rule"}
    assert [rule.rule_id for rule in rules] == sorted(rule.rule_id for rule in rules)


def test_a_folder_of_the_user_replaces_the_rule_of_the_same_name(write_rule: Writes) -> None:
    rules, _ = load_rules([write_rule(name="warehouse_lost").parent])
    (mine,) = [rule for rule in rules if rule.rule_id == "warehouse_lost"]
    assert (mine.built_in, mine.facts.title) == (False, "Lost, for a test")
    assert len(rules) == len(load_rules()[0])


def test_of_two_folders_of_the_user_the_later_one_counts(write_rule: Writes, tmp_path: Path) -> None:
    first = write_rule(name="mine")
    second = tmp_path / "others" / "mine"
    second.mkdir(parents=True)
    text = (first / "rule.sql").read_text(encoding="utf-8")
    (second / "rule.sql").write_text(text.replace("Lost, for a test", "The later one"), encoding="utf-8")
    (mine,) = [rule for rule in load_rules([first.parent, second.parent])[0] if rule.rule_id == "mine"]
    assert mine.facts.title == "The later one"


def test_the_folder_of_one_rule_may_be_given_itself(write_rule: Writes) -> None:
    assert "test_rule" in {rule.rule_id for rule in load_rules([write_rule()])[0]}


def test_a_rule_that_cannot_be_read_names_itself_and_leaves_the_others(write_rule: Writes) -> None:
    write_rule(name="good")
    folder = write_rule(name="bad", front="title = 1\n").parent
    rules, problems = load_rules([folder])
    assert {"good", "warehouse_lost"} <= {rule.rule_id for rule in rules}
    assert "bad" not in {rule.rule_id for rule in rules}
    assert {problem.file for problem in problems} == {"bad/rule.sql"}


def test_a_rules_folder_that_does_not_exist_is_named_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match=r"does not exist\. Check the path"):
        load_rules([tmp_path / "nowhere"])


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select 1 as identity", "missing"),
        ("delete from ledger", "exactly one SELECT"),
        (QUERY.replace("'high' as", "error('it broke') as"), "it broke"),
        (QUERY.replace("-quantity as units", "('x' || quantity)::bigint as units"), "the rule failed"),
        (QUERY.replace("[] as reasons", "[null::varchar] as reasons"), "a NULL among the reasons"),
        (QUERY.replace("[] as relies_on", "null::varchar[] as relies_on"), "relies_on is NULL"),
        (QUERY.replace("reference_id as identity", "null::varchar as identity"), "identity is NULL"),
        (QUERY.replace("'high' as confidence", "'sure' as confidence"), "confidence is 'sure'"),
        (QUERY.replace("-quantity as units", "null::bigint as units"), "units is NULL"),
        (QUERY.replace("'row_id': row_id", "'row_id': row_id + 16"), "names the row 17, which is in no export"),
        (QUERY.replace("'row_id': row_id", "'row_id': null::bigint"), "names the row None, which is in no export"),
        (
            QUERY.replace("'units': -quantity", "'units': -quantity * 10"),
            "counts 10 units of a ledger row that moves 1",
        ),
        (
            QUERY.replace("-quantity}]", "-quantity}, {'role': 'lost', 'row_id': row_id, 'units': -quantity}]"),
            "counts 2 units of a ledger row that moves 1",
        ),
        (QUERY.replace("'units': -quantity", "'units': quantity"), "counts -1 units"),
        (QUERY.replace("'claim' as outcome", "'Claim' as outcome"), "outcome is 'Claim', neither 'claim' nor a reason"),
        (QUERY.replace("[] as reasons", "['nobody knows'] as reasons"), "'nobody knows' does not begin with a word"),
        (QUERY.replace("[] as relies_on", "['ledgers'] as relies_on"), "it relies on 'ledgers', which no [[requires]]"),
        (QUERY.replace("-quantity as units", "1 - quantity as units"), "adds up to 1 units, and the claim to 2"),
        (QUERY.replace("'role': 'lost'", "'role': 'lsot'"), "adds up to 0 units, and the claim to 1"),
        (QUERY + " union all " + QUERY, "2 claims share this identity"),
    ],
)
def test_a_broken_rule_stops_only_itself(
    con: duckdb.DuckDBPyConnection, catalog: Catalog, policy: Policy, write_rule: Writes, query: str, said: str
) -> None:
    lose(con, 1)
    write_rule(name="good")
    loaded, _ = load_rules([write_rule(query, name="broken").parent])
    rules = [rule for rule in loaded if rule.rule_id in {"warehouse_lost", "good", "broken"}]
    build_shared_tables(con, AS_OF, wanted={name for rule in rules for name in rule.facts.inputs})
    judgement = judge(con, rules, bench(con, catalog, policy))
    assert {finding.rule for finding in judgement.findings} == {"warehouse_lost"}
    # The good rule claims the same unit: it ran, and the unit stays with the rule that goes first.
    assert [(n.rule, n.reason, n.units) for n in judgement.not_claimed] == [("good", "claimed_elsewhere", 1)]
    broken, made_already = judgement.problems
    assert (broken.file, made_already.file) == ("broken/rule.sql", "good/rule.sql")
    assert said in broken.what


@pytest.mark.parametrize(
    ("marketplace", "found", "said"),
    [
        ("'Amazon.de'", "DE", ""),
        ("null", "US", ""),
        ("'Narnia'", "", "no_marketplace: 'Narnia' is no known marketplace"),
    ],
)
def test_a_place_that_is_no_marketplace_gives_no_deadline(
    con: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    policy: Policy,
    write_rule: Writes,
    marketplace: str,
    found: str,
    said: str,
) -> None:
    lose(con, 1)
    build_shared_tables(con, AS_OF, wanted=())
    rule = load_rule(
        write_rule(QUERY.replace("country as marketplace", f"{marketplace} as marketplace")), built_in=False
    )
    (finding,) = judge(con, [rule], bench(con, catalog, policy)).findings
    assert (finding.marketplace, finding.claim_by is None) == (found, not found)
    assert said in finding.reasons
    assert (finding.confidence == "review") == bool(said)


def test_a_folder_without_a_rule_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    _, problems = load_rules([tmp_path])
    assert [problem.what for problem in problems] == ["there is no rule in this folder."]


def test_a_rule_of_ones_own_may_read_lots_of_which_amazon_counts_a_part_as_found(
    con: duckdb.DuckDBPyConnection, catalog: Catalog, policy: Policy, write_rule: Writes
) -> None:
    lose(con, 12, found=2)
    query = QUERY.replace("reference_id as identity", "group_key as identity").replace("-quantity as", "open_units as")
    query = query[: query.index("[{")] + "evidence\nfrom lot_groups where open_units > 0"
    front = FRONT.replace('inputs = ["ledger"]', 'inputs = ["lot_groups"]')
    front = front.replace('minus = ["found"]', 'minus = ["reconciled"]')
    rule = load_rule(write_rule(query, front), built_in=False)
    build_shared_tables(con, AS_OF, wanted=rule.facts.inputs)
    judgement = judge(con, [rule], bench(con, catalog, policy))
    assert judgement.problems == []
    assert [(finding.units, finding.summary) for finding in judgement.findings] == [
        (10, "Lost, for a test: 12 lost - 2 reconciled = 10 open")
    ]


def test_a_rule_whose_claims_others_make_is_told(
    con: duckdb.DuckDBPyConnection, catalog: Catalog, policy: Policy, write_rule: Writes
) -> None:
    lose(con, 1)
    mine = load_rule(write_rule(), built_in=False)
    (lost,) = (rule for rule in load_rules()[0] if rule.rule_id == "warehouse_lost")
    build_shared_tables(con, AS_OF, wanted={*mine.facts.inputs, *lost.facts.inputs})
    (problem,) = judge(con, [lost, mine], bench(con, catalog, policy)).problems
    assert (problem.file, "(1 in all)" in problem.what) == ("test_rule/rule.sql", True)
    assert judge(con, [mine], bench(con, catalog, policy)).problems == []


def test_a_rule_that_takes_the_place_of_a_packaged_one_is_named(write_rule: Writes) -> None:
    rules, problems = load_rules([write_rule(name="warehouse_lost").parent])
    assert [rule.built_in for rule in rules if rule.rule_id == "warehouse_lost"] == [False]
    assert not problems
    assert [(problem.file, problem.what) for problem in replacements(rules)] == [
        ("warehouse_lost/rule.sql", "this rule runs instead of the one of the package.")
    ]


def test_a_window_that_the_policy_does_not_have_stops_the_rule_and_not_its_deadlines(
    con: duckdb.DuckDBPyConnection, policy: Policy, write_rule: Writes
) -> None:
    rule = load_rule(write_rule(front=FRONT.replace("fc_lost_damaged", "fc_lost_damage")), built_in=False)
    bench = Bench("", AS_OF, policy, load_valuation(con, policy, AS_OF)[0], {})
    (problem,) = judge(con, [rule], bench).problems
    assert (problem.what, problem.file) == ("the policy has no window fc_lost_damage.", "test_rule/rule.sql")
    assert "fc_lost_damaged" in problem.remedy


OPTIONS = 'options = { least_units = 2, share = 0.5, word = "x" }\n'


def test_a_query_may_use_the_options_that_its_rule_declares(con: duckdb.DuckDBPyConnection, write_rule: Writes) -> None:
    query = QUERY.rstrip() + "\nand -quantity >= $least_units and 'x' = $word and 1 > $share"
    rule = load_rule(write_rule(query, front=FRONT + OPTIONS), built_in=False)
    assert check_rule(con, rule, AS_OF) == []
    assert parameters(rule, AS_OF) == {"least_units": 2, "share": Decimal("0.5"), "word": "x"}


def test_an_option_that_is_set_replaces_the_default_and_nothing_else(write_rule: Writes) -> None:
    folder = write_rule(front=FRONT + OPTIONS).parent
    rules, _ = load_rules([folder], {"test_rule": {"least_units": 5, "share": 1}})
    (mine,) = [rule for rule in rules if rule.rule_id == "test_rule"]
    assert mine.facts.options == {"least_units": 5, "share": Decimal(1), "word": "x"}


def test_a_rule_that_is_switched_off_is_told() -> None:
    settings: dict[str, dict[str, object]] = {"warehouse_lost": {"off": True}, "mcf_lost": {"off": False}}
    (problem,) = switched_off(settings)
    assert str(problem) == "warehouse_lost: this rule is switched off in the settings, so it finds nothing."
    assert load_rules(settings=settings) == load_rules(settings={"warehouse_lost": {"off": True}})


def test_a_rule_that_is_switched_off_does_not_run() -> None:
    rules, _ = load_rules((), {"warehouse_lost": {"off": True}})
    assert "warehouse_lost" not in {rule.rule_id for rule in rules}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"test_rule": {"colour": 1}}, "no option colour. It has: least_units, share, word."),
        ({"test_rule": {"least_units": "many"}}, "test_rule.least_units is a whole number, not 'many'"),
        ({"test_rule": {"word": 3}}, "test_rule.word is a text, not 3"),
        ({"test_rule": {"least_units": -3}}, "test_rule.least_units is a whole number of 0 or more, not -3"),
        ({"test_rule": {"share": -0.1}}, "test_rule.share is a number of 0 or more, not -0.1"),
        ({"no_such_rule": {"off": True}}, "a rule that does not exist: no_such_rule"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_named(
    write_rule: Writes, settings: dict[str, dict[str, object]], said: str
) -> None:
    with pytest.raises(WrongUsage) as refused:
        load_rules([write_rule(front=FRONT + OPTIONS).parent], settings)
    assert said in str(refused.value)
