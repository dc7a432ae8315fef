/*
title = "Multi-channel order not shown as delivered"
what = "Orders of other channels that Amazon shipped without a tracking number although its carrier gives them, or that it still does not call shipped, seven days after the promised day, neither returned nor paid for."
why = "Amazon pays for a multi-channel order that gets lost on its way to the customer."
leaves_out = [
  "Orders whose parcels all have a tracking number: no export shows a delivery, so a parcel that got lost on the way is not found here. Look such orders up by their tracking number.",
  "Parcels of a service that never gives a tracking number in these exports.",
  "Orders before their promised day, and orders without one.",
  "Parcels that came back.",
  "Orders that were cancelled or paid for.",
  "Orders delivered damaged or with the wrong product.",
  "The promised day is the estimated arrival of the shipments report; no other day is in the exports.",
]
source = "https://sellercentral.amazon.com/gp/help/external/help.html?itemID=YZ634FAWUVMLW9G"
window = "mcf_lost"
basis = "cost"
payment_family = "other"
reads = ["order_shipments", "returns", "reimbursements"]
inputs = ["shipped_items", "orders", "returns", "payments", "products"]
plus = ["shipped"]
minus = ["returned", "paid"]

[[requires]]
table = "returns"
from = "event_date"
to = "as_of"
without = "review"

[[requires]]
table = "reimbursements"
from = "event_date"
to = "as_of"
quiet_days = 30
without = "review"
*/
with labels as (
  select
    msku as label_msku,
    case when count(fnsku) = 1 then any_value(fnsku) end as label_fnsku,
    min(asin) as label_asin,
    max(title) as label_title
  from products
  group by msku),
skus as (
  select fnsku as sku_fnsku, any_value(msku) as sku
  from products
  group by fnsku
  having count(msku) = 1),
ordered as (
  select
    order_id as ordered_id,
    msku as ordered_msku,
    min(asin) as ordered_asin,
    max(title) as ordered_title,
    min(sales_channel) as order_channel,
    bool_or(order_status ilike 'cancel%' or item_status ilike 'cancel%') as is_cancelled,
    -- an order counts as shipped when either of its two states says so
    bool_or(coalesce(item_status, '') ilike 'shipped' or lower(coalesce(order_status, '')) in ('shipped', 'complete', 'completed', 'delivered'))
      as is_shipped,
    max(export_last_day) as seen_on,
    list({'role': 'order', 'row_id': row_id, 'units': null::bigint} order by row_id) as ordered_rows
  from orders
  group by order_id, msku),
tracking_carriers as (
  select carrier
  from shipped_items
  group by carrier
  having count(tracking_number) > 0),
tracked_share as (
  select count(tracking_number) * 2 > count(*) as most_are_tracked
  from shipped_items),
parcels as (
  select
    shipped_items.*,
    order_channel,
    ordered_asin,
    ordered_title,
    coalesce(is_cancelled, false) as is_cancelled,
    ordered_rows,
    tracking_number is null as lacks_tracking,
    lacks_tracking and case when shipped_items.carrier is null then most_are_tracked else tracking_carriers.carrier is not null end
      as lacks_its_tracking,
    coalesce(not is_shipped and seen_on > estimated_arrival, false) as is_late
  from shipped_items
  cross join tracked_share
  left join tracking_carriers on tracking_carriers.carrier = shipped_items.carrier
  left join ordered on ordered_id = shipped_items.order_id and ordered_msku = shipped_items.msku
  where regexp_matches(shipped_items.order_id, '^[Ss][0-9]')
    or shipped_items.sales_channel ilike 'non-amazon%'
    or order_channel ilike 'non-amazon%'),
doubtful as (
  select
    order_id,
    msku,
    estimated_arrival as promised_on,
    sum(units) as shipped_units,
    bool_or(units_unknown) as units_unknown,
    any_value(is_cancelled) as is_cancelled,
    bool_or(lacks_its_tracking) as is_untraced,
    any_value(is_late) as is_not_shipped,
    min(coalesce(sales_channel, order_channel)) as channel,
    any_value(ordered_asin) as ordered_asin,
    coalesce(any_value(ordered_title), max(title)) as ordered_title,
    list({'role': 'shipped', 'row_id': row_id, 'units': units} order by date, row_id) as shipped_rows,
    any_value(ordered_rows) as ordered_rows
  from parcels
  where (lacks_tracking or is_late) and (estimated_arrival is null or estimated_arrival < $as_of)
  group by order_id, msku, estimated_arrival, lacks_its_tracking or is_late),
running as (
  select
    *,
    (is_untraced or is_not_shipped) and not is_cancelled and promised_on is not null and not units_unknown as is_candidate,
    sum(shipped_units) filter (is_candidate) over (partition by order_id, msku order by promised_on rows unbounded preceding)
      as shipped_to
  from doubtful),
paying as (
  select order_id, coalesce(msku, sku) as msku, date, row_id, units, units_unknown
  from payments
  left join skus on sku_fnsku = fnsku
  where family not in ('reversal', 'fee')),
settling as (
  select order_id, msku, 'returned' as role, date, row_id, coalesce(quantity, 1) as units
  from returns
  union all
  select order_id, msku, 'paid', date, row_id, units
  from paying),
settled_up_to as (
  select
    *,
    -- what came back goes before what was paid for
    sum(units) over (partition by order_id, msku order by role desc, date, row_id rows unbounded preceding) as settled_to,
    settled_to - units as settled_from
  from settling
  where units > 0),
matched as (
  select
    running.order_id,
    running.msku,
    promised_on,
    role,
    settled_up_to.date,
    row_id,
    least(shipped_to, settled_to) - greatest(shipped_to - shipped_units, settled_from) as units
  from running
  join settled_up_to on settled_up_to.order_id = running.order_id and settled_up_to.msku = running.msku
  where is_candidate and least(shipped_to, settled_to) > greatest(shipped_to - shipped_units, settled_from)),
explained as (
  select
    order_id,
    msku,
    promised_on,
    sum(units) as explained_units,
    sum(units) filter (role = 'returned') as returned_units,
    sum(units) filter (role = 'paid') as paid_units,
    list({'role': role, 'row_id': row_id, 'units': units} order by role desc, date, row_id) as explained_rows
  from matched
  group by order_id, msku, promised_on),
unclear_payments as (
  select distinct order_id as unclear_order
  from paying
  where units_unknown),
judged as (
  select
    running.*,
    shipped_units - coalesce(explained_units, 0) as open_units,
    returned_units,
    paid_units,
    unclear_order is not null as is_unclear,
    coalesce(ordered_asin, label_asin) as product_asin,
    coalesce(ordered_title, label_title) as product_title,
    label_fnsku,
    list_concat(shipped_rows, explained_rows, ordered_rows) as evidence
  from running
  left join explained
    on is_candidate
    and explained.order_id = running.order_id
    and explained.msku = running.msku
    and explained.promised_on = running.promised_on
  left join labels on label_msku = running.msku
  left join unclear_payments on unclear_order = running.order_id),
outcomes as (
  select
    case
      when is_cancelled then 'order_cancelled'
      when units_unknown then 'quantity_unknown'
      when promised_on is null then 'no_promised_day'
      else 'untracked_service'
    end as outcome,
    coalesce(shipped_units, 0) as outcome_units,
    case
      when is_cancelled then 'the order was cancelled'
      when units_unknown then 'a row of this order does not state its quantity'
      when promised_on is null then 'the shipments report states no estimated arrival'
      else 'no parcel of this carrier has a tracking number in these exports'
    end as explanation,
    *
  from judged
  where not is_candidate
  union all
  select 'returned', returned_units, format('{} of {} units came back', returned_units, shipped_units), *
  from judged
  where returned_units is not null
  union all
  select 'paid', paid_units, format('{} of {} units were paid for under this order', paid_units, shipped_units), *
  from judged
  where paid_units is not null
  union all
  select 'claim', open_units, null, *
  from judged
  where is_candidate and open_units > 0)
select
  concat_ws('|', order_id, msku, promised_on) as identity,
  outcome,
  explanation,
  -- "Non-Amazon US" names the marketplace that shipped; plain "Non-Amazon" does not
  regexp_replace(channel, '^non-amazon', '', 'i') as marketplace,
  label_fnsku as fnsku,
  msku,
  product_asin as asin,
  product_title as title,
  order_id as reference_id,
  promised_on as event_date,
  promised_on as anchor_date,
  promised_on as covers_from,
  outcome_units::bigint as units,
  null::decimal(38, 4) as value_total,
  null::bigint as value_units,
  null::varchar as currency,
  'review' as confidence,
  [reason for reason in [
    'delivery_to_check: no export shows deliveries; ask your customer, and look up the tracking of this order in Seller Central first',
    case when is_untraced then 'no_tracking: the parcel has no tracking number, though its carrier gives them' end,
    case when is_not_shipped then 'not_marked_shipped: the orders report still did not call it shipped after the promised day' end,
    case when is_unclear then 'units_unclear: a payment for this order does not state its units' end]
    if reason is not null] as reasons,
  ['returns', 'reimbursements'] as relies_on,
  evidence
from outcomes
