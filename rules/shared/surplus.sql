/*
table = "surplus"
what = "Units that came to light and that no lost, damaged or missing unit needs: they may explain why Amazon takes money back."

Finds and corrections beyond those that settle a lot; receipts beyond what the shipment's contents say was shipped;
returns of orders that neither an order nor a refund in the exports explains; and customer returns in the ledger that
the returns report does not list within 30 days.
*/
with used as (
  select settling_row, sum(units) as used_units
  from settlements
  group by settling_row),
finds as (
  select explanations.row_id, kind, fnsku, date, explanations.units - coalesce(used_units, 0) as units
  from explanations
  left join used on used.settling_row = explanations.row_id
  where kind in ('found', 'corrected')),
received as (
  select reference_id as shipment_id, fnsku, max(row_id) as row_id, max(date) as date, sum(quantity) as received_units
  from ledger
  where event_type ilike 'receipt%'
  group by reference_id, fnsku),
contents as (
  select shipment_id, fnsku, sum(quantity) as shipped_units
  from shipment_contents
  group by shipment_id, fnsku),
listed as (
  -- returns from before the ledger begins are none of its events
  select fnsku, date, sum(coalesce(quantity, 1)) over (partition by fnsku order by date) as listed_units
  from returns
  where date >= (select min(date) from ledger) - 30),
came_back as (
  select row_id, fnsku, date, date + 30 as listed_by, quantity, sum(quantity) over (partition by fnsku order by date, row_id) as back_units
  from ledger
  where event_type ilike 'customerreturn%'
    and quantity > 0),
unlisted as (
  -- least passes over the null of a product that the returns report never lists
  select row_id, came_back.fnsku, came_back.date, least(quantity, back_units - listed_units) as units
  from came_back
  asof left join listed on listed.fnsku = came_back.fnsku and listed.date <= came_back.listed_by)
select row_id, kind, fnsku, date, units::bigint as units
from finds
where units > 0
union all
select row_id, 'received', received.fnsku, date, (received_units - coalesce(shipped_units, 0))::bigint
from received
left join contents on contents.shipment_id = received.shipment_id and contents.fnsku = received.fnsku
where received_units > coalesce(shipped_units, 0)
union all
select row_id, 'returned', fnsku, date, coalesce(quantity, 1)
from returns
where order_id not in (select order_id from order_lines)
  and order_id not in (select order_id from refund_lines)
union all
select row_id, 'returned', fnsku, date, units::bigint
from unlisted
where units > 0
