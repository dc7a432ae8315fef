"""Synthetic seller accounts with known truth: the sceptic's instrument.

`write_account` makes the exports Amazon would give in one market, and `truth.json`: every unit owed
and every lookalike that must not be claimed. The truth is stated by each scenario as it plants its
rows; where many things happen to one product at random, a ledger of single units counts it. Nothing
here knows how the audit works, and no other room uses this one.
"""

from __future__ import annotations

from auditor.simulate.account import Account
from auditor.simulate.build import build_account
from auditor.simulate.folder import write_account
from auditor.simulate.markets import MARKETS

__all__ = ["MARKETS", "Account", "build_account", "write_account"]
