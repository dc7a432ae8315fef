"""The digest as an e-mail file: plain text and the same as HTML, ready to be opened or sent."""

from __future__ import annotations

import hashlib
from datetime import datetime, time
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from jinja2 import Environment

from auditor.accounts.digest import LONGEST, Digest, cut, plain_lines

#: The hour of the person's own morning for which a digest is dated.
MORNING = time(7, 0)
HOST = "fba-reimbursement-auditor.invalid"
_HTML = """<!DOCTYPE html>
<html lang="{{ words.language }}"><head><meta charset="utf-8"><title>{{ digest.subject() }}</title></head>
<body style="margin:0;padding:16px;font:16px/1.5 Arial,sans-serif;color:#17211e;background:#ffffff">
<p>{{ digest.greeting() }}</p>
<p>{{ digest.intro() }}</p>
<table role="presentation" style="border-collapse:collapse;width:100%;max-width:720px">
{% for line in digest.lines %}
<tr><td style="padding:10px 12px 10px 0;border-top:1px solid #dfe5e2;vertical-align:top">
<strong>{{ line.name }}</strong> – {{ line.said.title | cut }}<br>{{ line.said.what | cut }}<br>
<span style="color:#0b6a58">→ {{ line.said.do | cut }}</span></td>
<td style="padding:10px 0;border-top:1px solid #dfe5e2;vertical-align:top;text-align:right;white-space:nowrap">
<strong>{{ line.said.worth | cut }}</strong>
{% if line.said.until %}<br>{{ by }} {{ line.said.until }}{% endif %}</td></tr>
{% endfor %}
</table>
{% if digest.rest() %}<p>{{ digest.rest() }}</p>
{% endif %}
{% if digest.page %}<p><a href="{{ digest.page }}" style="color:#0b6a58">{{ words.text("digest", "portfolio") }}</a></p>
{% endif %}
</body></html>
"""


def mail(digest: Digest) -> bytes:
    """The digest as RFC 5322 bytes, dated the person's own morning; the same digest gives the same bytes."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = digest.subject()
    message["From"] = Address("FBA reimbursement auditor", "digest", HOST)
    if digest.person.email:
        name, _, domain = digest.person.email.rpartition("@")
        message["To"] = Address(cut(digest.person.name, 80), name, domain)
    message["Date"] = format_datetime(morning(digest))
    mark = hashlib.sha256(f"{digest.person.id}|{digest.day}".encode()).hexdigest()[:24]
    message["Message-ID"] = f"<{mark}@{HOST}>"
    message.set_content("\n".join(plain_lines(digest)) + "\n", cte="base64")
    message.add_alternative(html(digest), subtype="html", cte="base64")
    message.set_boundary(f"digest-{mark}")
    return message.as_bytes()


def html(digest: Digest) -> str:
    """The HTML of the e-mail: styles stand in the elements, because mail programs drop the others."""
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["cut"] = lambda text: cut(text, LONGEST)
    by = digest.words.text("digest", "by")
    return environment.from_string(_HTML).render(digest=digest, words=digest.words, by=by)


def morning(digest: Digest) -> datetime:
    """The morning of the digest's day where the person is."""
    return datetime.combine(digest.day, MORNING, ZoneInfo(digest.person.time_zone))
