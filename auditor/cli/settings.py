"""What audit.toml says beyond the options of commands."""

from __future__ import annotations

from collections.abc import Mapping

import click

#: Where the settings of rules are kept while a command runs.
RULE_SETTINGS = "auditor.rule_settings"


def rule_settings() -> Mapping[str, Mapping[str, object]]:
    """The tables [rule.NAME] of audit.toml, by rule; none without a settings file."""
    context = click.get_current_context(silent=True)
    found: Mapping[str, Mapping[str, object]] = context.meta.get(RULE_SETTINGS, {}) if context else {}
    return found
