/*
title = "Shipped to Amazon, but not received"
what = "Units of a closed shipment that were shipped to Amazon, less the net receipts over all fulfilment centres, less payments for lost inbound units."
why = "Amazon takes responsibility for units once the shipment is delivered to its building."
leaves_out = [
  "Shipments that are on the way, still being received, cancelled or deleted.",
  "Units received in another building of the same shipment, or as another product of it: the sign of mislabelled units.",
  "Units paid for as lost inbound, the oldest shortage first.",
  "Shipments whose contents file or ledger days are not in the exports.",
]
source = "https://sellercentral.amazon.com/gp/help/external/GEYPWTSQRTXXXMVB?language=ja_JP"
window = "inbound"
basis = "cost"
payment_family = "inbound"
reads = ["shipments", "shipment_contents", "ledger", "reimbursements", "costs"]
inputs = ["shortages", "lots", "settlements", "payments", "shipments"]
plus = ["shipped"]
minus = ["received", "received_as_other", "paid"]

[[requires]]
table = "ledger"
part = "Receipts"
from = "covers_from"
to = "as_of"
without = "no_finding"

[[requires]]
table = "reimbursements"
from = "event_date"
to = "as_of"
quiet_days = 30
without = "review"
*/
with paid as (
  select
    lots.reference_id as shipment_id,
    lots.product,
    sum(settlements.units) as paid_units,
    list({'role': 'paid', 'row_id': settling_row, 'units': settlements.units} order by settlements.date, settling_row) as paid_rows
  from settlements
  join lots on lots.row_id = settlements.lot_row and lots.family = 'inbound'
  group by lots.reference_id, lots.product),
judged as (
  select
    shortages.*,
    paid_units,
    short_units - coalesce(paid_units, 0) as open_units,
    list_concat(
      shipped_rows,
      received_rows,
      case when received_as_other > 0 then [{'role': 'received_as_other', 'row_id': surplus_rows[1].row_id, 'units': received_as_other}] end,
      paid_rows,
      [{'role': 'shipment', 'row_id': shipment_row, 'units': null::bigint}]) as evidence
  from shortages
  left join paid on paid.shipment_id = shortages.shipment_id and paid.product = shortages.product),
outcomes as (
  select 'shipment_cancelled' as outcome, short_units as outcome_units, 'the shipment was cancelled or deleted' as explanation, *
  from judged
  where state = 'cancelled' and short_units > 0
  union all
  select
    'shipment_not_closed',
    short_units,
    case
      when updated is null then 'the shipment is not closed yet, and the exports do not say when it was last updated'
      else 'the shipment is not closed yet, or was updated in the last 21 days'
    end,
    *
  from judged
  where state = 'not_closed' and short_units > 0
  union all
  select 'no_coverage', short_units, 'the shipping queue export does not list this shipment, so it is not known to be closed', *
  from judged
  where state = 'unknown' and short_units > 0
  union all
  select 'received_as_other', received_as_other, format('{} units were received as another product of the same shipment', received_as_other), *
  from judged
  where state in ('closed', 'silent') and received_as_other > 0
  union all
  select 'paid', paid_units, format('{} of {} missing units were paid for as lost inbound', paid_units, short_units), *
  from judged
  where paid_units is not null
  union all
  select 'claim', open_units, null, *
  from judged
  where state in ('closed', 'silent') and open_units > 0)
select
  concat_ws('|', shipment_id, product) as identity,
  outcome,
  explanation,
  country as marketplace,
  fnsku,
  msku,
  asin,
  title,
  shipment_id as reference_id,
  delivered as event_date,
  delivered as anchor_date,
  -- a payload states no dates: a month before the first receipt in the exports there may be an earlier one
  coalesce(created, case when updated is null then first_receipt - 30 else first_receipt end) as covers_from,
  outcome_units::bigint as units,
  null::decimal(38, 4) as value_total,
  null::bigint as value_units,
  null::varchar as currency,
  case
    when state = 'silent' and queue_known_to < $as_of::date - 21 then 'review'
    when surplus_units is not null and short_products > 1 then 'review'
    when first_receipt is null and status_letters <> 'delivered' then 'review'
    else 'high'
  end as confidence,
  [reason for reason in [
    case when first_receipt is null then 'delivery_date_inferred: nothing was received, so the last update of the shipment stands for its delivery; check the proof of delivery' end,
    case when state = 'silent' then format('not_updated: the shipment is not closed, but has not been updated since {}', updated) end,
    case when state = 'silent' and queue_known_to < $as_of::date - 21 then 'old_shipping_queue: the shipping queue export is older than 21 days; export it again' end,
    case when surplus_units is not null and short_products > 1 then 'mislabelled_units: units of another product arrived in this shipment, and more than one product is short' end]
    if reason is not null] as reasons,
  ['ledger', 'reimbursements'] as relies_on,
  evidence
from outcomes
