/*
table = "unshipped_removals"
what = "One row per removal order to the seller and product: requested, less all that the order accounts for."

By the report's own definitions requested = cancelled + disposed + shipped + in process, and a blank is none. Where the
shipment report shows more than the order says was shipped, the shipment report counts. Units that the ledger reports as
lost or damaged while the order ran are claimed as that.
Source: https://sellercentral.amazon.ca/gp/help/external/help.html?itemID=200989110&language=en_CA
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
ordered as (
  select
    *,
    upper(trim(order_id)) as order_key,
    coalesce(removal_orders.fnsku, label_fnsku) as label,
    coalesce(removal_orders.fnsku, label_fnsku, msku) as product,
    regexp_replace(lower(order_status), '[^a-z]', '', 'g') as status_letters
  from removal_orders
  left join labels on labels.label_msku = removal_orders.msku
  where lower(order_type) like 'return%'),
counted as (
  select
    order_key,
    product,
    row_id,
    unnest([
      {'role': 'requested', 'units': requested_quantity},
      {'role': 'cancelled', 'units': cancelled_quantity},
      {'role': 'disposed', 'units': disposed_quantity},
      {'role': 'sent', 'units': shipped_quantity},
      {'role': 'in_process', 'units': in_process_quantity}], recursive := true)
  from ordered),
orders as (
  select
    order_key,
    product,
    min(order_id) as order_id,
    any_value(label) as fnsku,
    min(msku) as msku,
    min(date) as requested_date,
    max(updated) as updated,
    min(row_id) as order_row,
    bool_and(status_letters = 'completed') as completed,
    bool_or(status_letters like 'cancel%') as cancelled,
    -- what was requested is stated, or nothing is known
    bool_or(requested_quantity is null) as request_unknown
  from ordered
  group by order_key, product),
parcels as (
  select
    order_key,
    product,
    sum(shipped_units) as parcel_units,
    max(shipped_date) as last_shipped,
    max(received_date) as last_received,
    list_transform(flatten(list(shipped_rows order by shipped_date, parcel)), lambda sent: {'role': 'sent', 'row_id': sent.row_id, 'units': sent.units}) as parcel_rows
  from removal_parcels
  group by order_key, product),
accounts as (
  select
    order_key,
    product,
    sum(units) filter (role = 'requested') as requested_units,
    sum(units) filter (role = 'sent') as sent_units,
    coalesce(sum(units) filter (role not in ('requested', 'sent')), 0) as other_units,
    list({'role': role, 'row_id': row_id, 'units': units} order by role <> 'requested', row_id, role) filter (role <> 'sent') as account_rows,
    list({'role': role, 'row_id': row_id, 'units': units} order by row_id) filter (role = 'sent') as sent_rows
  from counted
  where units > 0
  group by order_key, product),
compared as (
  select
    orders.*,
    requested_units,
    -- greatest passes over nulls, and so does list_concat
    greatest(0, sent_units, parcel_units) as gone_units,
    requested_units - other_units - gone_units as unaccounted_units,
    last_shipped,
    last_received,
    list_concat(account_rows, case when sent_units = gone_units then sent_rows else parcel_rows end) as order_rows
  from orders
  join accounts using (order_key, product)
  left join parcels using (order_key, product)
  where not request_unknown),
ledger_losses as (
  select
    order_key,
    losses.row_id,
    compared.product,
    least(losses.units, unaccounted_units - coalesce(sum(losses.units) over (
      partition by order_key, compared.product
      order by losses.date, losses.row_id
      rows between unbounded preceding and 1 preceding), 0)) as units
  from compared
  join losses
    on losses.fnsku = compared.fnsku
    and losses.date between requested_date and coalesce(updated, $as_of::date) + 14),
lost_units as (
  select
    order_key,
    product,
    sum(units) as ledger_units,
    list({'role': 'lost_in_warehouse', 'row_id': row_id, 'units': units} order by row_id) as ledger_rows
  from ledger_losses
  where units > 0
  group by order_key, product)
select
  concat_ws('|', order_key, product) as removal,
  order_key,
  product,
  order_id,
  compared.fnsku,
  msku,
  asin,
  title,
  requested_date,
  coalesce(last_received, last_shipped, updated) as anchor_date,
  requested_units,
  completed,
  cancelled,
  unaccounted_units,
  ledger_units,
  unaccounted_units - coalesce(ledger_units, 0) as short_units,
  order_row,
  list_concat(order_rows, ledger_rows) as order_rows
from compared
left join lost_units using (order_key, product)
left join titles on titles.title_fnsku = compared.fnsku
