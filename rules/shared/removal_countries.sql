/*
table = "removal_countries"
what = "The country of a removal order's product, where the exports leave only one."

No removal report names a marketplace. The ledger names the countries in which the product lay, first those where
it left as a vendor return; the order's currency rules out countries that are paid in another one. Where several
countries are left, none is named.
*/
with removals as (
  select order_key, product from removal_parcels
  union
  select order_key, product from unshipped_removals),
currencies as (
  select upper(trim(order_id)) as order_key, any_value(upper(trim(currency))) as order_currency
  from removal_orders
  group by upper(trim(order_id))
  having count(distinct upper(trim(currency))) = 1),
stocked as (
  select fnsku as product, country, bool_or(event_type ilike 'vendor%') as left_from
  from ledger
  group by fnsku, country),
possible as (
  select order_key, removals.product, stocked.country, left_from
  from removals
  join stocked on stocked.product = removals.product
  left join marketplace_names on marketplace_names.name = stocked.country
  left join currencies using (order_key)
  where order_currency is null or marketplace_names.currency = order_currency)
select
  order_key,
  product,
  case
    when count(country) filter (left_from) = 1 then any_value(country) filter (left_from)
    else any_value(country)
  end as country
from possible
group by order_key, product
having count(country) = 1 or count(country) filter (left_from) = 1
