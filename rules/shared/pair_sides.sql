/*
table = "pair_sides"
what = "Rows that may be two sides of one movement. Pairs are made one to one: same key, equal units, nearest days.
So it is enough that one side names its SKU and keeps no units below one."

kind damage_arrival: a damage (left) and the same units arriving in another disposition (right).
kind back_to_sellable: units arriving in SELLABLE (left) out of another disposition (right).
kind inventory_payment: an N row (left) that is the inventory of a reimbursement (right).
kind payout: a payment (left) and the line of a settlement or transaction report that pays just as much for the SKU (right).
kind restocked: a sellable return that is said to be back in the inventory (left) and a customer return of the ledger
(right), of whatever disposition; but not one of an unsellable disposition that another return of its day explains.
Rows of one product, day and number of units are as good as each other.
Sources: https://sellercentral.amazon.com/help/hub/reference/G4FKT5KQWFFJ7LDN
https://sellercentral.amazon.co.jp/gp/help/external/help.html?itemID=200453320&language=en_JP
*/
with adjustments as (
  select
    row_id,
    date,
    fnsku,
    quantity,
    upper(trim(reason)) as code,
    upper(replace(trim(disposition), ' ', '_')) as disposition_code,
    concat_ws('|', fulfillment_center, reference_id) as tie
  from ledger
  where event_type ilike 'adjustment%'),
labels as (
  select msku as label_msku, any_value(fnsku) as label_fnsku
  from products
  group by msku
  having count(fnsku) = 1),
came_back as (
  select
    row_id,
    date,
    coalesce(fnsku, label_fnsku) as fnsku,
    coalesce(quantity, 1) as units,
    regexp_replace(lower(disposition), '[^a-z]', '', 'g') as condition,
    regexp_replace(lower(status), '[^a-z]', '', 'g') as status_letters,
    concat_ws('|', order_id, returns.msku, license_plate) as tie
  from returns
  left join labels on labels.label_msku = returns.msku
  where order_id is not null),
unsellable_returns as (
  select fnsku, date, units, condition, count(*) as row_count
  from came_back
  where condition <> 'sellable'
  group by fnsku, date, units, condition),
restocks as (
  select
    row_id,
    date,
    fnsku,
    quantity as units,
    regexp_replace(lower(disposition), '[^a-z]', '', 'g') as condition,
    row_number() over (partition by fnsku, date, quantity, condition order by row_id) as number_of_day
  from ledger
  where event_type ilike 'customer%return%' and quantity > 0)
select 'damage_arrival' as kind, 'left' as side, row_id, fnsku as pair_key, -quantity as units, date, tie, -1 as earliest, 1 as latest
from adjustments
where code in ('E', '6', '7', 'H', 'K', 'U') and quantity < 0
union all
select 'damage_arrival', 'right', row_id, fnsku, quantity, date, tie, -1, 1
from adjustments
where code = 'P' and quantity > 0 and disposition_code <> 'SELLABLE'
union all
select 'back_to_sellable', 'left', row_id, fnsku, quantity, date, tie, -7, 1
from adjustments
where code = 'P' and quantity > 0 and disposition_code = 'SELLABLE'
union all
select 'back_to_sellable', 'right', row_id, fnsku, -quantity, date, tie, -7, 1
from adjustments
where code = 'Q' and quantity < 0 and disposition_code <> 'SELLABLE'
union all
select 'inventory_payment', 'left', row_id, fnsku, quantity, date, tie, -10, 10
from adjustments
where code = 'N' and quantity > 0
union all
select 'inventory_payment', 'right', row_id, fnsku, inventory_units, date, reimbursement_id, -10, 10
from payments
where inventory_units > 0
union all
select
  'payout',
  'left',
  row_id,
  concat_ws('|', msku, currency),
  (amount_total * 10000)::bigint,
  date,
  reimbursement_id,
  -3,
  45
from payments
where msku is not null and family <> 'reversal'
union all
select 'payout', 'right', row_id, concat_ws('|', msku, currency), (amount * 10000)::bigint, date, null, -3, 45
from payout_lines
union all
select 'restocked', 'left', row_id, fnsku, units, date, tie, -30, 30
from came_back
where fnsku is not null
  and condition = 'sellable'
  and status_letters like '%returned%inventory%'
  and status_letters not like '%not%'
union all
select 'restocked', 'right', row_id, restocks.fnsku, restocks.units, restocks.date, null, -30, 30
from restocks
left join unsellable_returns
  on unsellable_returns.fnsku = restocks.fnsku
  and unsellable_returns.date = restocks.date
  and unsellable_returns.units = restocks.units
  and unsellable_returns.condition = restocks.condition
where coalesce(number_of_day > row_count, true)
