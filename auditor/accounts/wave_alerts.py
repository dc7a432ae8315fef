"""One alert for each wave of losses or damages, for as long as something of it is neither found, paid nor filed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from auditor.accounts.alert import Alert, Kept, Loss, Seen, claimable, total
from auditor.accounts.waves import SEVERAL, Wave, same_event, waves

#: After so many days a wave is no news any more; its deadlines have alerts of their own.
OLD = timedelta(days=60)


def wave_alerts(seen: Seen, previous: Sequence[Kept], day: date) -> Iterator[Alert]:
    """Waves of the newest days, and those told before of which something is left."""
    if seen.ledger is None:
        return
    told = [kept for kept in previous if kept.alert.kind == "wave" and kept.alert.first_day < day]
    open_ids = {finding.finding_id for finding in claimable(seen, day)}
    grown: dict[str, Wave] = {}
    for wave in waves(seen.losses, seen.ledger, seen.account.thresholds.wave_units):
        before = next((kept for kept in told if same_event(_of(kept), wave)), None)
        if before is None:
            if day - wave.last < OLD and (
                alert := _alert(seen, wave, f"wave:{wave.building}:{wave.first}", day, open_ids)
            ):
                yield alert
        else:
            earlier = grown.get(before.alert.key, _of(before))
            both = Wave(wave.building, min(earlier.first, wave.first), max(earlier.last, wave.last))
            grown[before.alert.key] = both
    for kept in told:
        wave = grown.get(kept.alert.key, _of(kept))
        over = kept.state == "withdrawn" and kept.alert.key not in grown
        if kept.state == "closed" or over or day - wave.last > OLD:
            continue
        if alert := _alert(seen, wave, kept.alert.key, kept.alert.first_day, open_ids):
            yield alert


def _of(kept: Kept) -> Wave:
    facts = kept.alert.facts
    return Wave(facts["building"], date.fromisoformat(facts["from"]), date.fromisoformat(facts["to"]))


def _alert(seen: Seen, wave: Wave, key: str, first_day: date, open_ids: set[str]) -> Alert | None:
    """None when nothing of the wave is left to act on: found, paid or filed."""
    struck = [loss for loss in seen.losses if _is_of(loss, wave)]
    left = [loss for loss in struck if loss.left and loss.finding_id in open_ids]
    if not left:
        return None
    safe = {finding.finding_id: finding.safe_by for finding in seen.findings}
    untils = [until for loss in left if (until := safe.get(loss.finding_id))]
    facts = {
        "building": wave.building,
        "from": wave.first.isoformat(),
        "to": wave.last.isoformat(),
        "lost": str(sum(loss.units for loss in struck if loss.kind == "lost")),
        "damaged": str(sum(loss.units for loss in struck if loss.kind == "damaged")),
        "units": str(sum(loss.units for loss in struck)),
        "left": str(sum(loss.left for loss in left)),
        "count": str(len({loss.finding_id for loss in left})),
        "unknown": str(sum(loss.amount is None for loss in left)),
    }
    return Alert(
        account=seen.account.id,
        key=key,
        kind="wave",
        step="1",
        first_day=first_day,
        until=min(untils, default=None),
        worth=total((loss.currency, loss.amount) for loss in left),
        items=tuple(sorted({loss.finding_id for loss in left})),
        facts=facts,
        owner=seen.account.owner,
    )


def _is_of(loss: Loss, wave: Wave) -> bool:
    return wave.first <= loss.day <= wave.last and wave.building in {loss.building, SEVERAL}
