"""One unit, one claim: of two rules that claim units of one row, the one that takes precedence gets them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from hypothesis import given
from hypothesis import strategies as st

from auditor.model import Status
from auditor.rulebook.attribution import Claim, attribute, load_precedence
from auditor.rulebook.candidates import ELSEWHERE, Candidate, arithmetic
from auditor.rulebook.rules import Rule, RuleFacts
from auditor.rulebook.value import Value

FACTS = RuleFacts(
    title="T", what="w", why="w", leaves_out=(), source="s", basis="none", inputs=("ledger",),
    plus=("lost",), minus=("found",),
)  # fmt: skip


def rule(name: str) -> Rule:
    return Rule(name, FACTS, "select 1", "0", files("auditor.rules"), built_in=True)


def claim(name: str, rows: Sequence[tuple[int, int]], units: int, status: Status = "open", found: int = 0) -> Claim:
    evidence = [{"role": "lost", "row_id": row_id, "units": count} for row_id, count in rows]
    if found:
        evidence.append({"role": "found", "row_id": 900, "units": found})
    candidate = Candidate(
        name, "claim", None, "US", "X1", "S1", None, None, "R1", None, None, None,
        units, None, None, None, "high", (), (), evidence,
    )  # fmt: skip
    return Claim(rule(name), candidate, "US", None, Value(), "high", (), status)


def units_of(kept: Sequence[Claim]) -> dict[str, int]:
    return {c.rule.rule_id: c.candidate.units for c in kept}


def test_claims_about_different_rows_keep_all_their_units() -> None:
    kept, reduced = attribute([claim("a", [(1, 2)], 2), claim("b", [(2, 3)], 3)], ())
    assert units_of(kept) == {"a": 2, "b": 3}
    assert reduced == []


def test_the_rule_that_stands_first_in_the_list_gets_the_units() -> None:
    kept, reduced = attribute([claim("a", [(1, 2)], 2), claim("b", [(1, 2)], 2)], ("b", "a"))
    assert units_of(kept) == {"b": 2}
    assert [(r.claim.rule.rule_id, r.units, r.to_rule) for r in reduced] == [("a", 2, "b")]


def test_a_claim_that_can_still_be_filed_goes_before_an_expired_one() -> None:
    kept, _ = attribute([claim("a", [(1, 2)], 2, "expired"), claim("b", [(1, 2)], 2)], ("a", "b"))
    assert units_of(kept) == {"b": 2}


def test_what_is_left_of_a_claim_still_adds_up() -> None:
    kept, _ = attribute([claim("a", [(1, 1)], 1), claim("b", [(1, 3), (2, 2)], 4, found=1)], ("a", "b"))
    (b,) = [c for c in kept if c.rule.rule_id == "b"]
    assert b.candidate.units == 3
    assert {"role": ELSEWHERE, "row_id": 1, "units": 1} in b.candidate.evidence
    assert arithmetic(b.rule, b.candidate) == "5 lost - 1 found - 1 claimed elsewhere = 3 open"


def test_twin_claims_of_one_rule_never_compete() -> None:
    kept, reduced = attribute([claim("a", [(1, 2)], 1), claim("a", [(1, 2)], 1)], ())
    assert (len(kept), reduced) == (2, [])


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(1, 3), st.integers(1, 4), st.sampled_from(["open", "expired"])),
        max_size=6,
        unique_by=lambda c: (c[0], c[1]),
    ),
    st.permutations("abc"),
)
def test_no_row_is_claimed_for_more_units_than_it_has(
    drawn: list[tuple[str, int, int, Status]], order: list[str]
) -> None:
    """Each rule claims all units of a row here, so no two of them may keep a unit of it."""
    claims = [claim(name, [(row, 4)], units, status) for name, row, units, status in drawn]
    kept, reduced = attribute(claims, order)
    for row in {row for _, row, _, _ in drawn}:
        of_row = [c for c in kept if next(c.claimed_rows)[0] == row]
        most = max(units for _, r, units, _ in drawn if r == row)
        assert sum(c.candidate.units for c in of_row) <= most
    given_up = sum(r.units for r in reduced)
    assert sum(c.candidate.units for c in kept) + given_up == sum(c.candidate.units for c in claims)
    assert attribute(list(claims), order) == (kept, reduced)


def test_the_precedence_names_each_rule_once_and_says_why() -> None:
    order = load_precedence()
    assert len(set(order)) == len(order)
    text = (files("auditor.rules") / "precedence.toml").read_text(encoding="utf-8")
    assert text.count("\nwhy = ") == len(order)
