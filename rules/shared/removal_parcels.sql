/*
table = "removal_parcels"
what = "One row per product and tracking number that Amazon shipped back to the seller: shipped, received, damaged, missing; of a parcel that did not arrive only what was shipped and is missing."

What arrived is in the seller's own receiving record. A row of it counts its units once: for the parcel of its tracking
number, and what is left over for other parcels of the same order and product, the oldest first, because tracking
numbers may be blank or mistyped. `state` is `no_coverage` where the record cannot tell that nothing arrived.
Source: https://sellercentral.amazon.com/gp/help/external/200989100
*/
with labels as (
  select msku as label_msku, any_value(fnsku) as label_fnsku
  from products
  group by msku
  having count(fnsku) = 1),
titles as (
  select fnsku as title_fnsku, min(asin) as asin, max(title) as title
  from products
  group by fnsku),
order_types as (
  select upper(trim(order_id)) as type_key, min(order_type) as ordered_as
  from removal_orders
  group by upper(trim(order_id))),
record as (
  select
    row_id,
    date,
    quantity,
    upper(trim(order_id)) as order_key,
    nullif(regexp_replace(upper(tracking_number), '[^A-Z0-9]', '', 'g'), '') as tracking_key,
    upper(trim(fnsku)) as product_key,
    -- damaged, but not "not damaged": in the seller's own words, whatever the language
    regexp_matches(lower(coalesce(condition, '')), 'damag|broken|defe[ck]t|beschädigt|endommag|danneggiat|rott[aeio]|dañad|roto|破損|損傷')
      and not regexp_matches(lower(condition), 'undamag|unbeschädigt|\b(not|no|non|nicht|kein\w*|pas|sin|without)\b|なし|無し') as damaged
  from removal_receipts),
received as (
  select *
  from record
  where quantity > 0),
kept as (
  select min(date) as kept_from, max(date) as kept_to
  from removal_receipts),
shipped as (
  select
    order_id,
    coalesce(fnsku, label_fnsku) as fnsku,
    msku,
    coalesce(fnsku, label_fnsku, msku) as product,
    date,
    quantity,
    row_id,
    regexp_replace(lower(disposition), '[^a-z]', '', 'g') as disposition_letters,
    lower(coalesce(order_type, ordered_as)) as order_type,
    upper(trim(order_id)) as order_key,
    coalesce(regexp_replace(upper(tracking_number), '[^A-Z0-9]', '', 'g'), '') as tracking_key
  from removal_shipments
  left join labels on labels.label_msku = removal_shipments.msku
  left join order_types on order_types.type_key = upper(trim(order_id))
  where quantity > 0),
parcels as (
  select
    concat_ws('|', order_key, tracking_key, product, date) as parcel,
    order_key,
    tracking_key,
    upper(product) as product_key,
    product,
    date,
    min(order_id) as order_id,
    any_value(fnsku) as fnsku,
    min(msku) as msku,
    sum(quantity) as shipped_units,
    -- of units that were unsellable when they left, damage proves nothing
    bool_or(disposition_letters <> 'sellable') as left_unsellable,
    bool_or(disposition_letters is null) as disposition_unknown,
    min(order_type) as order_type,
    min(row_id) as parcel_row,
    list({'role': 'shipped', 'row_id': row_id, 'units': quantity} order by row_id) as shipped_rows
  from shipped
  group by order_key, tracking_key, product, date),
tracked as (
  select parcel, row_id, least(sent_to, arrived_to) - greatest(sent_to - shipped_units, arrived_to - quantity) as units
  from (
    select *, sum(shipped_units) over (partition by order_key, tracking_key, product_key order by date, parcel) as sent_to
    from parcels) as sent
  join (
    select *, sum(quantity) over (partition by order_key, tracking_key, product_key order by date, row_id) as arrived_to
    from received) as arrived
    using (order_key, tracking_key, product_key)
  where least(sent_to, arrived_to) > greatest(sent_to - shipped_units, arrived_to - quantity)),
unmatched_parcels as (
  select *, sum(units) over (partition by order_key, product_key order by date, parcel) as sent_to
  from (
    select parcel, order_key, product_key, date, shipped_units - coalesce(found.units, 0) as units
    from parcels
    left join (select parcel, sum(units) as units from tracked group by parcel) as found using (parcel)) as sent),
unmatched_record as (
  select *, sum(units) over (partition by order_key, product_key order by date, row_id) as arrived_to
  from (
    select row_id, order_key, product_key, date, quantity - coalesce(used.units, 0) as units
    from received
    left join (select row_id, sum(units) as units from tracked group by row_id) as used using (row_id)) as arrived),
matched as (
  select parcel, row_id, units from tracked
  union all
  select parcel, row_id, least(sent_to, arrived_to) - greatest(sent_to - sent.units, arrived_to - arrived.units) as units
  from unmatched_parcels as sent
  join unmatched_record as arrived using (order_key, product_key)
  where least(sent_to, arrived_to) > greatest(sent_to - sent.units, arrived_to - arrived.units)),
arrivals as (
  select
    parcel,
    min(date) as received_date,
    sum(units) as received_units,
    coalesce(sum(units) filter (damaged), 0) as damaged_units,
    list({'row_id': row_id, 'units': units, 'damaged': damaged} order by date, row_id) as received_rows
  from (select parcel, row_id, sum(units) as units from matched group by parcel, row_id) as counted
  join received using (row_id)
  group by parcel),
other_arrivals as (
  -- units of the order that were recorded under a product of which it shipped none
  select order_key, bool_or(product_key not in (select product_key from parcels where parcels.order_key = received.order_key)) as other_product
  from received
  group by order_key),
arrived_parcels as (
  select distinct order_key, tracking_key
  from parcels
  join arrivals using (parcel)
  where tracking_key <> ''),
emptied as (
  select distinct order_key, product_key
  from record
  where quantity <= 0)
select
  parcel,
  parcels.order_key,
  parcels.product,
  order_id,
  fnsku,
  msku,
  asin,
  title,
  parcels.date as shipped_date,
  received_date,
  order_type,
  shipped_units,
  received_units,
  case when left_unsellable then 0 else damaged_units end as damaged_units,
  case when left_unsellable then damaged_units end as damaged_before_units,
  shipped_units - coalesce(received_units, 0) as missing_units,
  disposition_unknown,
  other_product,
  arrived_parcels.order_key is not null as rest_arrived,
  emptied.order_key is not null as recorded_as_empty,
  kept_from,
  kept_to,
  case
    when order_type not like 'return%' then 'not_a_return'
    when received_units is not null then 'arrived'
    when kept_to is null then 'no_record'
    when kept_from > parcels.date + 30 then 'no_coverage'
    when kept_to < parcels.date + 7 and $as_of::date > parcels.date + 14 then 'no_coverage'
    else 'not_arrived'
  end as state,
  parcel_row,
  shipped_rows,
  received_rows
from parcels
cross join kept
left join arrivals using (parcel)
left join titles on titles.title_fnsku = parcels.fnsku
left join other_arrivals on other_arrivals.order_key = parcels.order_key
left join arrived_parcels on arrived_parcels.order_key = parcels.order_key and arrived_parcels.tracking_key = parcels.tracking_key
left join emptied on emptied.order_key = parcels.order_key and emptied.product_key = parcels.product_key
