/*
title = "@TITLE@"
what = "TODO: say in one sentence which units this rule finds."
why = "TODO: say why Amazon owes them."
leaves_out = [
  "TODO: say what looks alike and is not claimed, one line each.",
]
source = "https://sellercentral.amazon.com/help/hub/reference/G4FKT5KQWFFJ7LDN"
window = "fc_lost_damaged"
basis = "cost"
payment_family = "lost"
reads = ["ledger"]
inputs = ["ledger"]
plus = ["lost"]
minus = []
options = { least_units = 1 }

[[requires]]
table = "ledger"
from = "event_date"
to = "as_of"
without = "review"
*/
-- Losses, damages and what settles them stand in `lot_groups`: read that for them, not the ledger.
with candidates as (
  -- A ledger has rows that are alike in everything: they are one claim, each row in its evidence.
  select
    fnsku,
    msku,
    country,
    reference_id,
    date,
    reason,
    min(asin) as asin,
    max(title) as title,
    -sum(quantity) as units,
    list({'role': 'lost', 'row_id': row_id, 'units': -quantity} order by row_id) as evidence
  from ledger
  where event_type ilike 'adjustment%'
    and quantity < 0
    -- Put here what makes a row a claim, and take the next line out.
    and false
  group by fnsku, msku, country, reference_id, date, reason
  having -sum(quantity) >= $least_units)
select
  concat_ws('|', fnsku, msku, country, reference_id, date, reason) as identity,
  'claim' as outcome,
  null::varchar as explanation,
  country as marketplace,
  fnsku,
  msku,
  asin,
  title,
  reference_id,
  date as event_date,
  date as anchor_date,
  date as covers_from,
  units,
  null::decimal(38, 4) as value_total,
  null::bigint as value_units,
  null::varchar as currency,
  'review' as confidence,
  ['new_rule: a person has to look until this rule has proved itself'] as reasons,
  ['ledger'] as relies_on,
  evidence
from candidates
