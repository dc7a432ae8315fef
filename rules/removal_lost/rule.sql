/*
title = "Removed from Amazon, but never arrived"
what = "Units that Amazon shipped back to the seller under a removal order and that the seller's own receiving record does not show, less payments for lost removals."
why = "Amazon answers for units of a removal order until the carrier has delivered them to the seller."
leaves_out = [
  "Everything, while the exports hold no receiving record of the seller's: then nobody knows what arrived.",
  "Shipments before the receiving record begins, or after it ends.",
  "Shipments of which something arrived: what is missing of those is `removal_short`.",
  "Disposals and liquidations: nothing was sent to the seller.",
  "Units paid for as lost removals, the oldest shipment first.",
]
source = "https://sellercentral.amazon.com/gp/help/external/help.html?itemID=9ZB3H4DP4H72U6R&language=en_US"
window = "removal_lost"
basis = "cost"
payment_family = "removal_lost"
reads = ["removal_shipments", "removal_receipts", "reimbursements", "costs"]
inputs = ["removal_parcels", "removal_countries", "marketplace_names", "settlements", "payments"]
plus = ["shipped"]
minus = ["paid"]

[[requires]]
table = "removal_receipts"
from = "event_date"
to = "deadline"
quiet_days = 30
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
    lot_row as parcel_row,
    sum(units) as paid_units,
    list({'role': 'paid', 'row_id': settling_row, 'units': units} order by date, settling_row) as paid_rows
  from settlements
  group by lot_row),
unclear_payments as (
  select fnsku, max(date) as unclear_to
  from payments
  where family = 'removal' and units > 0
  group by fnsku),
judged as (
  select
    removal_parcels.*,
    country,
    paid_units,
    missing_units - coalesce(paid_units, 0) as open_units,
    unclear_to >= shipped_date as has_unclear_payment,
    list_concat(shipped_rows, paid_rows) as evidence
  from removal_parcels
  left join paid on paid.parcel_row = removal_parcels.parcel_row
  left join removal_countries
    on removal_countries.order_key = removal_parcels.order_key and removal_countries.product = removal_parcels.product
  left join unclear_payments on unclear_payments.fnsku = removal_parcels.fnsku
  -- without any receiving record there is nothing to say
  where kept_to is not null),
outcomes as (
  select 'not_a_return' as outcome, shipped_units as outcome_units, 'these units were not sent to the seller' as explanation, *
  from judged
  where state = 'not_a_return'
  union all
  select 'received', received_units, format('{} of {} units stand in the receiving record', received_units, shipped_units), *
  from judged
  where state = 'arrived'
  union all
  select 'no_coverage', shipped_units, format('the receiving record goes from {} to {}, so it does not show what arrived of this shipment', kept_from, kept_to), *
  from judged
  where state = 'no_coverage'
  union all
  select 'paid', paid_units, format('{} of {} units were paid for as a lost removal', paid_units, shipped_units), *
  from judged
  where state = 'not_arrived' and paid_units is not null
  union all
  select 'claim', open_units, null, *
  from judged
  where state = 'not_arrived' and open_units > 0),
doubted as (
  select
    *,
    [reason for reason in [
      case when order_type is null then 'order_type_unknown: no export says that this removal order was a return to you' end,
      case when shipped_date < kept_from then format('record_begins_later: your receiving record begins on {}, after this shipment left Amazon', kept_from) end,
      case when $as_of::date < shipped_date + 15 then 'may_still_arrive: the shipment left Amazon less than 15 days ago' end,
      case when rest_arrived then 'rest_arrived: other products with this tracking number arrived; look whether these units were in the parcel' end,
      case when other_product then 'other_product_arrived: your record shows a product under this order that Amazon did not ship with it' end,
      case when recorded_as_empty then 'recorded_as_none: your record says that none of this product arrived; look whether the parcel did' end,
      case when has_unclear_payment then 'unclear_removal_payment: a payment for a removal of this product does not say whether it is for lost units' end]
      if reason is not null] as reasons
  from outcomes)
select
  parcel as identity,
  outcome,
  explanation,
  country as marketplace,
  fnsku,
  msku,
  asin,
  title,
  order_id as reference_id,
  shipped_date as event_date,
  shipped_date as anchor_date,
  shipped_date as covers_from,
  outcome_units::bigint as units,
  null::decimal(38, 4) as value_total,
  null::bigint as value_units,
  null::varchar as currency,
  case when len(reasons) > 0 then 'review' else 'high' end as confidence,
  reasons,
  ['removal_receipts', 'reimbursements'] as relies_on,
  evidence
from doubted
