"""What one person is told in the morning: what is new, biggest and nearest first, at most one screen of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from auditor.accounts.alert import Kept
from auditor.accounts.portfolio import Portfolio, gone_today, new_today, urgency
from auditor.accounts.settings import Person
from auditor.accounts.words import Said, Words, words_of
from auditor.publish.cells import one_line

#: Lines of a digest: with heading and links they fit on one screen.
MOST_LINES = 10
#: The longest text of one line; a longer one is cut, and the portfolio has it whole.
LONGEST = 240


@dataclass(frozen=True, slots=True)
class Line:
    """One alert of a digest; `name` is the account's."""

    name: str
    kept: Kept
    said: Said


@dataclass(frozen=True, slots=True)
class Digest:
    """The morning of one person. `older` alerts are open since earlier days, `more` new ones are not shown."""

    person: Person
    day: date
    lines: tuple[Line, ...]
    more: int
    older: int
    gone: int
    page: str = ""

    @property
    def words(self) -> Words:
        """The words of the person's language."""
        return words_of(self.person.language)

    @property
    def new(self) -> int:
        """How many alerts are new."""
        return len(self.lines) + self.more

    def subject(self) -> str:
        """The headline: how many are new, and the day."""
        return self.words.text("digest", "subject", new=self.words.number(self.new), day=self.words.day(self.day))

    def greeting(self) -> str:
        """The salutation."""
        return self.words.text("digest", "greeting", name=cut(self.person.name, 80))

    def intro(self) -> str:
        """How many are new, open from before, and settled by themselves."""
        counts = {name: self.words.number(getattr(self, name)) for name in ("new", "older", "gone")}
        return self.words.text("digest", "intro", **counts)

    def rest(self) -> str:
        """How many are not shown; "" when all are."""
        return self.words.text("digest", "more", more=self.words.number(self.more)) if self.more else ""


def digests(portfolio: Portfolio, page: str = "") -> Iterator[Digest]:
    """One digest for each person who has something new to do; `page` is where the portfolio can be opened."""
    for person in portfolio.people.values():
        views = [view for view in portfolio.accounts if view.account.owner == person.id]
        new = [(view.account.name, kept) for view in views for kept in new_today(view, portfolio.day)]
        if not new:
            continue
        new.sort(key=lambda pair: urgency(pair[1], portfolio.day))
        words = words_of(person.language)
        shown = tuple(Line(cut(name, 60), kept, words.said(kept.alert)) for name, kept in new[:MOST_LINES])
        still = sum(len(view.open_alerts(portfolio.day)) for view in views)
        gone = sum(len(gone_today(view, portfolio.day)) for view in views)
        yield Digest(person, portfolio.day, shown, len(new) - len(shown), still - len(new), gone, page)


def cut(text: str, most: int) -> str:
    """The text on one line, at most so long."""
    plain = one_line(text)
    return plain if len(plain) <= most else plain[: most - 1].rstrip() + "…"


def plain_lines(digest: Digest) -> Sequence[str]:
    """The digest as plain text, line by line: the form that every channel falls back to."""
    words = digest.words
    lines = [digest.greeting(), "", digest.intro(), ""]
    for number, line in enumerate(digest.lines, start=1):
        facts = [line.said.worth, f"{words.text('digest', 'by')} {line.said.until}" if line.said.until else ""]
        lines.append(f"{number}. {line.name} – {cut(line.said.title, LONGEST)}")
        lines.append(f"   {cut(line.said.what, LONGEST)}")
        lines += [f"   {cut(' – '.join(fact for fact in facts if fact), LONGEST)}"] if any(facts) else []
        lines.append(f"   → {cut(line.said.do, LONGEST)}")
    lines += ["", digest.rest()] if digest.rest() else []
    lines += ["", f"{words.text('digest', 'portfolio')}: {digest.page}"] if digest.page else []
    return lines
