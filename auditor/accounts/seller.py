"""Whose exports these are: a folder that holds another seller's files than before must not be judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from auditor.accounts.job import Job
from auditor.accounts.kept import read_json, write_json
from auditor.model import DataRefused, Problem
from auditor.policy import load_policy
from auditor.store.database import glance
from auditor.store.gate import Look, account_groups
from auditor.store.reading import ReadExport

#: Fewer products than this may all be new ones.
FEWEST = 5
_PRODUCTS = ("ledger_detail", "ledger_summary", "reimbursements", "fulfilled_shipments", "customer_returns")


def refuse_strangers(job: Job, exports: Sequence[ReadExport]) -> dict[str, list[str]]:
    """What the exports say about their seller: seller IDs and products.

    Raises DataRefused when they belong to another account group than the list says, or when neither a seller ID nor a
    product is one of those of the last good run.
    """
    policy = load_policy(job.policy_folder)
    listed = {policy.group(code) for code in job.marketplaces}
    shown = account_groups(exports, policy)
    if listed and shown and not listed & set(shown):
        what = f"the exports are of another account: the list says {', '.join(job.marketplaces)}"
        told = "; ".join(shown.values())
        raise DataRefused(Problem(f"{what}, the exports show {told}.", "Correct the marketplaces, or the folder."))
    seller = _seller(exports)
    before = read_json(_note(job.workspace))
    if before and not job.accept:
        _refuse_other(job, seller, before)
    return seller


def remember(job: Job, seller: Mapping[str, list[str]]) -> None:
    """Keep whose exports these were, for the next night; products and IDs are added up."""
    before = read_json(_note(job.workspace))
    kept = {key: values if job.accept else sorted({*before.get(key, ()), *values}) for key, values in seller.items()}
    if kept != before:
        write_json(_note(job.workspace), kept)


def _refuse_other(job: Job, seller: Mapping[str, list[str]], before: Mapping[str, Any]) -> None:
    checked = f"Check the folder; if they are right, run once with --accept {job.account_id}."
    ids, known = set(seller["seller_ids"]), set(before.get("seller_ids", ()))
    if ids and known and not ids & known:
        told = f"they name the seller {', '.join(sorted(ids))}, until now it was {', '.join(sorted(known))}"
        raise DataRefused(Problem(f"the exports are another seller's: {told}.", checked))
    now, then = set(seller["products"]), set(before.get("products", ()))
    if len(now) >= FEWEST and len(then) >= FEWEST and not now & then and not ids & known:
        told = f"none of their {len(now)} products is one of the {len(then)} known from before"
        raise DataRefused(Problem(f"the exports look like another seller's: {told}.", checked))


def _seller(exports: Sequence[ReadExport]) -> dict[str, list[str]]:
    look = Look(glance())
    ids: set[str] = set()
    products: set[str] = set()
    for reading in (e.reading for e in exports if e.reading.parquet and e.same_as is None):
        ids |= {seller.strip().upper() for seller in look.distinct("seller_id", reading)}
        if reading.report_id in _PRODUCTS:
            products |= set(look.distinct("fnsku", reading))
    return {"seller_ids": sorted(ids), "products": sorted(products)}


def _note(workspace: Path) -> Path:
    return workspace / "seller.json"
