"""Which reply a case waits for, and its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from auditor.claims.cases.log import Case, Entry
from auditor.claims.facts import day, locale_for, number
from auditor.claims.filing_sheet import words_to_paste
from auditor.claims.replies import NO_REASON, Replies, Reply
from auditor.claims.template import one_line
from auditor.claims.wording import ENGLISH
from auditor.model import Problem, WrongUsage

#: How a denial's reason stands in the history, before its name in the library.
DENIED_BECAUSE = "denied:"


@dataclass(frozen=True, slots=True)
class Letter:
    """A reply to send: subject and body by language, the language to send it in first."""

    name: str
    reply: Reply
    words: dict[str, tuple[str, str]]

    def sheet(self) -> str:
        """The reply as Markdown: what to check first, then the words to paste."""
        first = "\n".join(f"- {line}" for line in self.reply.check)
        sources = f"- Where this is from: {', '.join(f'<{source}>' for source in self.reply.sources)}"
        return "\n\n".join([f"# {self.reply.title}", f"{first}\n{sources}", *words_to_paste(self.words)]) + "\n"


def letter_for(
    case: Case, entries: Sequence[Entry], replies: Replies, language: str, *, newest: date | None, because: str = ""
) -> Letter:
    """The reply that the case waits for; `because` names a denial's reason where the history does not.

    `newest` is the day of the account's newest audit. Raises WrongUsage when the case waits for no reply, when the
    reason of its denial is not known, or when that audit does not claim its units: a reply would say what is not so.
    """
    name = _name(case, entries, replies, because)
    if case.state == "denied" and case.last_seen != newest:
        what = f"the audit as of {newest} does not claim {case.finding_id}, so nothing can be said against its denial."
        raise WrongUsage(Problem(what, f"`audit explain {case.fnsku or case.msku}` says why; then close the case."))
    if name not in replies.by_name:
        known = ", ".join(replies.of("denied"))
        raise WrongUsage(Problem(f"There is no reply called {name!r}.", f"The reasons of a denial are: {known}."))
    reply = replies.by_name[name]
    used = language if language in reply.text else ENGLISH
    words = {
        spoken: replies.write(name, facts_of_case(case, locale_for(spoken, case.marketplace)), spoken)
        for spoken in dict.fromkeys((used, ENGLISH))
    }
    return Letter(name, reply, words)


def facts_of_case(case: Case, locale: str) -> dict[str, str]:
    """What a reply may say of its case; unknown facts are blank."""
    return {
        "case_id": one_line(case.case_id),
        "open": number(case.units, locale),
        "filed_on": day(case.filed_on, locale),
        "fnsku": one_line(case.fnsku),
        "msku": one_line(case.msku),
        "reference_id": one_line(case.reference_id),
        "event_date": day(case.event_date, locale),
        "checked_on": day(case.last_seen, locale),
    }


def _name(case: Case, entries: Sequence[Entry], replies: Replies, because: str) -> str:
    match case.state:
        case "filed" | "in_progress" | "appealed":
            return "silence"
        case "info_needed":
            return "information"
        case "approved":
            return "approved_unpaid"
        case "denied" if case.appeals:
            what = f"{case.finding_id} was denied again after its appeal; Amazon answers one appeal."
            raise WrongUsage(Problem(what, "Close it with `audit claims close`."))
        case "denied":
            return because or _reason(case, entries, replies)
    what = f"{case.finding_id} is {case.state}; it waits for no reply."
    raise WrongUsage(Problem(what, "`audit claims next` says what there is to do."))


def _reason(case: Case, entries: Sequence[Entry], replies: Replies) -> str:
    """The reason of the last denial: as it was given, else as its words are recognised."""
    denial = next((entry for entry in reversed(entries) if entry.to_state == "denied"), None)
    if denial and denial.reason.startswith(DENIED_BECAUSE):
        return denial.reason.removeprefix(DENIED_BECAUSE)
    found = replies.recognised(denial.note) if denial else []
    if len(found) == 1:
        return found[0]
    told = f"could be {' or '.join(found)}" if found else "is not known"
    names = ", ".join(replies.of("denied"))
    remedy = f"Name it with --because, one of: {names}. When Amazon gave none that can be checked: {NO_REASON}."
    raise WrongUsage(Problem(f"The reason why {case.finding_id} was denied {told}.", remedy))
