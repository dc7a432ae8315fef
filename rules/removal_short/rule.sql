/*
title = "Removed from Amazon, but short or damaged"
what = "Units of a removal that arrived damaged or not with the rest of their shipment, by the seller's own receiving record; and units of a completed removal order that it accounts for in no way."
why = "Amazon answers for units of a removal order until they reach the seller as they left the shelf."
leaves_out = [
  "Shipments of which nothing arrived: those are `removal_lost`.",
  "Damage of units that were unsellable when they left Amazon.",
  "Units cancelled, disposed of or still in process, and removal orders that are not completed.",
  "Units that the ledger reports as lost or damaged while the order ran: those are claimed as that.",
  "Units paid for as lost or damaged removals, the oldest first.",
]
source = "https://sellercentral.amazon.com/gp/help/external/help.html?itemID=9ZB3H4DP4H72U6R&language=en_US"
window = "removal_other"
basis = "cost"
payment_family = "removal_lost"
reads = [["removal_orders", "removal_shipments"], "removal_receipts", "reimbursements", "costs"]
inputs = ["removal_parcels", "unshipped_removals", "removal_countries", "marketplace_names", "settlements", "payments"]
plus = ["shipped", "requested"]
minus = ["received", "cancelled", "disposed", "sent", "in_process", "lost_in_warehouse", "paid"]

[[requires]]
table = "reimbursements"
from = "event_date"
to = "as_of"
quiet_days = 30
without = "review"
*/
with paid as (
  select
    lot_row,
    sum(units) as paid_units,
    list({'role': 'paid', 'row_id': settling_row, 'units': units} order by date, settling_row) as paid_rows
  from settlements
  group by lot_row),
unclear_payments as (
  select fnsku, max(date) as unclear_to
  from payments
  where family = 'removal' and units > 0
  group by fnsku),
arrived as (
  select
    parcel as identity,
    order_key,
    product,
    fnsku,
    msku,
    asin,
    title,
    order_id,
    shipped_date as since,
    received_date as anchor_date,
    missing_units + damaged_units as short_units,
    damaged_before_units,
    parcel_row as lot_row,
    true as by_record,
    true as completed,
    order_type is null as type_unknown,
    damaged_units > 0 and disposition_unknown as disposition_unknown,
    missing_units > 0 and other_product as other_product,
    list_concat(
      shipped_rows,
      [{'role': 'received', 'row_id': row.row_id, 'units': row.units} for row in received_rows if not row.damaged or damaged_units = 0],
      [{'role': 'arrived_damaged', 'row_id': row.row_id, 'units': row.units} for row in received_rows if row.damaged and damaged_units > 0]) as rows
  from removal_parcels
  where state = 'arrived'),
unaccounted as (
  select
    removal as identity,
    order_key,
    product,
    fnsku,
    msku,
    asin,
    title,
    order_id,
    requested_date as since,
    anchor_date,
    short_units,
    ledger_units,
    order_row as lot_row,
    false as by_record,
    completed,
    order_rows as rows
  from unshipped_removals
  where not cancelled),
judged as (
  select
    short.*,
    country,
    paid_units,
    short_units - coalesce(paid_units, 0) as open_units,
    unclear_to >= since as has_unclear_payment,
    list_concat(rows, paid_rows) as evidence
  from (select * from arrived union all by name select * from unaccounted) as short
  left join paid using (lot_row)
  left join removal_countries on removal_countries.order_key = short.order_key and removal_countries.product = short.product
  left join unclear_payments on unclear_payments.fnsku = short.fnsku),
outcomes as (
  select 'unsellable_when_shipped' as outcome, damaged_before_units as outcome_units, 'the units were unsellable when they left Amazon' as explanation, *
  from judged
  where damaged_before_units > 0
  union all
  select 'lost_in_warehouse', ledger_units, format('the ledger reports {} units of this product as lost or damaged while the order ran', ledger_units), *
  from judged
  where ledger_units > 0
  union all
  select 'paid', paid_units, format('{} of {} units were paid for as lost or damaged removals', paid_units, short_units), *
  from judged
  where paid_units is not null
  union all
  select
    case when completed then 'claim' else 'removal_not_completed' end,
    open_units,
    case when not completed then 'the removal order is not completed' end,
    *
  from judged
  where open_units > 0),
doubted as (
  select
    *,
    [reason for reason in [
      case when not by_record then 'no_receiving_record: only the removal order shows this; look whether the units are still in stock' end,
      case when type_unknown then 'order_type_unknown: no export says that this removal order was a return to you' end,
      case when disposition_unknown then 'disposition_unknown: the exports do not say whether the units were sellable when they left Amazon' end,
      case when other_product then 'other_product_arrived: your record shows a product under this order that Amazon did not ship with it' end,
      case when has_unclear_payment then 'unclear_removal_payment: a payment for a removal of this product does not say what it is for' end]
      if reason is not null] as reasons
  from outcomes)
select
  identity,
  outcome,
  explanation,
  country as marketplace,
  fnsku,
  msku,
  asin,
  title,
  order_id as reference_id,
  anchor_date as event_date,
  anchor_date,
  since as covers_from,
  outcome_units::bigint as units,
  null::decimal(38, 4) as value_total,
  null::bigint as value_units,
  null::varchar as currency,
  case when len(reasons) > 0 then 'review' else 'high' end as confidence,
  reasons,
  ['reimbursements'] as relies_on,
  evidence
from doubted
