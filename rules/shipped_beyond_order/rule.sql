/*
title = "Shipped beyond the order"
what = "Units that Amazon shipped for an order beyond those ordered and those sent as free replacements, that did not come back and were not paid for."
why = "The customer got units that nobody bought: they left the seller's stock without a sale."
leaves_out = [
  "Lines of the shipments report that repeat a shipment-item-id.",
  "Free replacements, under the customer's order or under an order of their own.",
  "Units that came back although nothing was refunded.",
  "Units paid for under that order, for whatever reason.",
  "Orders that the orders report does not hold with this SKU, so also orders of other channels that it does not list.",
  "Orders with a cancelled line: their quantity may have been set to 0 after the parcel left.",
  "Parcels sent anew because the first one got lost on the way, as long as no export shows it: a person has to look.",
]
source = "https://sellercentral.amazon.com/gp/help/external/G9N934L7Y4SFWPJ4?locale=en-US"
basis = "cost"
payment_family = "other"
reads = ["order_shipments", "orders", "replacements", "reimbursements"]
inputs = ["shipped_items", "orders", "replacements", "returns", "refund_lines", "payments", "products"]
plus = ["shipped"]
minus = ["ordered", "replaced", "returned", "paid"]

[[requires]]
table = "orders"
from = "covers_from"
to = "event_date"
without = "review"

[[requires]]
table = "replacements"
from = "covers_from"
to = "as_of"
quiet_days = 30
without = "review"

[[requires]]
table = "returns"
from = "covers_from"
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
    order_id,
    msku,
    sum(quantity) as ordered_units,
    min(date) as ordered_on,
    min(asin) as ordered_asin,
    max(title) as ordered_title,
    min(sales_channel) as sales_channel,
    bool_or(quantity is null) as units_unknown,
    bool_or(order_status ilike 'cancel%' or item_status ilike 'cancel%') as is_cancelled,
    list({'role': 'ordered', 'row_id': row_id, 'units': quantity} order by row_id) as ordered_rows
  from orders
  group by order_id, msku),
running as (
  select
    *,
    sum(units) over (partition by order_id, msku order by date, row_id rows unbounded preceding) as shipped_so_far
  from shipped_items),
shipped as (
  select
    running.order_id,
    running.msku,
    sum(units) as shipped_units,
    bool_or(running.units_unknown) as shipped_unknown,
    coalesce(min(running.date) filter (shipped_so_far > ordered_units), max(running.date)) as exceeded_on,
    min(purchase_date) as bought_on,
    list({'role': 'shipped', 'row_id': row_id, 'units': units} order by running.date, row_id) as shipped_rows,
    flatten(list([{'role': 'doubled', 'row_id': doubled, 'units': null::bigint} for doubled in doubled_rows]
      order by running.date, row_id)) as doubled_lines
  from running
  join ordered on ordered.order_id = running.order_id and ordered.msku = running.msku
  group by running.order_id, running.msku),
compared as (
  select
    *,
    shipped_units - ordered_units as surplus,
    case when shipped_unknown or units_unknown then 'quantity_unknown' when is_cancelled then 'order_cancelled' end as set_aside
  from shipped
  join ordered using (order_id, msku)
  where shipped_units > ordered_units or shipped_unknown or units_unknown),
refunded as (
  select distinct order_id as refunded_order, msku as refunded_msku
  from refund_lines),
settling as (
  -- a replacement has an order of its own; its parcel may stand under either
  select
    unnest(list_distinct([original_order_id, order_id])) as order_id,
    msku,
    'replaced' as role,
    date,
    row_id,
    coalesce(quantity, 1) as units
  from replacements
  union all
  select returns.order_id, returns.msku, 'returned', date, row_id, coalesce(quantity, 1)
  from returns
  left join refunded on refunded_order = returns.order_id and refunded_msku = returns.msku
  where refunded_order is null
  union all
  select order_id, coalesce(msku, sku), 'paid', date, row_id, units
  from payments
  left join skus on sku_fnsku = fnsku
  where family not in ('reversal', 'fee')),
settled_up_to as (
  -- replacements first, then what came back, then what was paid for
  select
    *,
    sum(units) over (partition by order_id, msku order by role = 'paid', role, date, row_id rows unbounded preceding) as settled_to,
    settled_to - units as settled_from
  from settling
  where units > 0),
matched as (
  select compared.order_id, compared.msku, role, date, row_id, least(surplus, settled_to) - settled_from as units
  from compared
  join settled_up_to on settled_up_to.order_id = compared.order_id and settled_up_to.msku = compared.msku
  where set_aside is null and settled_from < surplus),
explained as (
  select
    order_id,
    msku,
    sum(units) as explained_units,
    sum(units) filter (role = 'replaced') as replaced_units,
    sum(units) filter (role = 'returned') as returned_units,
    sum(units) filter (role = 'paid') as paid_units,
    list({'role': role, 'row_id': row_id, 'units': units} order by role = 'paid', role, date, row_id) as explained_rows
  from matched
  group by order_id, msku),
judged as (
  select
    compared.*,
    surplus - coalesce(explained_units, 0) as open_units,
    replaced_units,
    returned_units,
    paid_units,
    refunded_order is not null as is_refunded,
    coalesce(ordered_asin, label_asin) as product_asin,
    coalesce(ordered_title, label_title) as product_title,
    label_fnsku,
    list_concat(shipped_rows, ordered_rows, explained_rows, doubled_lines) as evidence
  from compared
  left join explained on explained.order_id = compared.order_id and explained.msku = compared.msku
  left join refunded on refunded_order = compared.order_id and refunded_msku = compared.msku
  left join labels on label_msku = compared.msku),
outcomes as (
  select
    set_aside as outcome,
    case set_aside when 'quantity_unknown' then 0 else surplus end as outcome_units,
    case set_aside
      when 'quantity_unknown' then 'a row of this order does not state its quantity'
      else 'a line of this order was cancelled, perhaps after its parcel left'
    end as explanation,
    *
  from judged
  where set_aside is not null
  union all
  select 'replaced', replaced_units, format('{} of {} further units are free replacements', replaced_units, surplus), *
  from judged
  where replaced_units is not null
  union all
  select 'returned', returned_units, format('{} of {} further units came back, and nothing was refunded', returned_units, surplus), *
  from judged
  where returned_units is not null
  union all
  select 'paid', paid_units, format('{} of {} further units were paid for under this order', paid_units, surplus), *
  from judged
  where paid_units is not null
  union all
  select 'claim', open_units, null, *
  from judged
  where set_aside is null and open_units > 0)
select
  concat_ws('|', order_id, msku) as identity,
  outcome,
  explanation,
  sales_channel as marketplace,
  label_fnsku as fnsku,
  msku,
  product_asin as asin,
  product_title as title,
  order_id as reference_id,
  exceeded_on as event_date,
  exceeded_on as anchor_date,
  least(ordered_on, bought_on) as covers_from,
  outcome_units::bigint as units,
  null::decimal(38, 4) as value_total,
  null::bigint as value_units,
  null::varchar as currency,
  'review' as confidence,
  [reason for reason in [
    'shipments_to_check: look the parcels up in the order first: one that was sent anew may have replaced a lost one',
    case when is_refunded then 'refunded_too: this order was also refunded, so a unit that came back may be one of these' end]
    if reason is not null] as reasons,
  ['orders', 'replacements', 'returns', 'reimbursements'] as relies_on,
  evidence
from outcomes
