"""Amazon's reimbursement policy as dated data: what may be claimed when, and what a unit is worth.

The numbers live in `rules/policy/*.toml`, each with its source; nothing here knows one by heart.
"""

from __future__ import annotations

from auditor.policy.errors import NoValueBasis, NoWindow, PolicyError
from auditor.policy.marketplaces import Marketplace
from auditor.policy.money import digits, format_plain, round_money
from auditor.policy.policy import Policy
from auditor.policy.reading import load_policy
from auditor.policy.rows import Cap, Deadline, Limit, ValueBasis, Window

__all__ = [
    "Cap",
    "Deadline",
    "Limit",
    "Marketplace",
    "NoValueBasis",
    "NoWindow",
    "Policy",
    "PolicyError",
    "ValueBasis",
    "Window",
    "digits",
    "format_plain",
    "load_policy",
    "round_money",
]
