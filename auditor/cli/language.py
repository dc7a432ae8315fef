"""The language of what people read: that of `--lang`; for the terminal alone, else that of the environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from auditor.publish.speech import Speech

#: Those of `auditor.publish.language`, which is not imported for a command's help; a test holds them together.
PAGE_LANGUAGES = ("en", "de", "fr", "it", "es", "ja")
TERMINAL_LANGUAGES = ("en", "de")

_ENGLISH = PAGE_LANGUAGES[0]
_LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")
_NO_LANGUAGE = frozenset({"C", "POSIX"})
_OF_THE_TERMINAL = "Language of the terminal: en or de, else English (default: that of the environment)."
Command = TypeVar("Command", bound=Callable[..., Any])


def language_option(text: str = _OF_THE_TERMINAL) -> Callable[[Command], Command]:
    """The option `--lang`, which gives the command `language`: a code, or None when nobody has chosen."""
    return click.option("--lang", "language", type=click.Choice(PAGE_LANGUAGES), help=text)


def spoken(language: str | None) -> Speech:
    """What the terminal speaks: the language chosen, else that of the environment."""
    from auditor.publish.speech import speech_of

    return speech_of(language or environment_language(os.environ))


def environment_language(environment: Mapping[str, str]) -> str:
    """The first language of the environment that the terminal speaks, as gettext looks for it; else English.

    LC_ALL, LC_MESSAGES and LANG name the locale, the first that is set. The list in LANGUAGE goes before it, unless
    the locale is C or POSIX: whoever sets that wants what programs print by default.
    """
    locale = next((environment[name] for name in _LOCALES if environment.get(name)), "")
    if locale in _NO_LANGUAGE:
        return _ENGLISH
    wanted = [*environment.get("LANGUAGE", "").split(":"), locale]
    codes = (name.partition(".")[0].partition("@")[0].partition("_")[0].lower() for name in wanted)
    return next((code for code in codes if code in TERMINAL_LANGUAGES), _ENGLISH)
