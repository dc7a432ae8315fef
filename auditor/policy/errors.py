"""What can go wrong with policy data, each with the file and the remedy."""

from __future__ import annotations

from auditor.model import DataRefused, WrongUsage


class PolicyError(WrongUsage):
    """The policy files cannot be used as they are; every problem names file, line, table and key."""


class NoWindow(DataRefused):
    """No claim window is known for a claim type, marketplace and day."""


class NoValueBasis(DataRefused):
    """No way of valuing a unit is known for a claim type, marketplace and day."""
