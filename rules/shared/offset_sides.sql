/*
table = "offset_sides"
what = "Rows that ask for an explanation (demand) and rows that may give one (supply), by stage: the surest first."

kind redefined: a 4 out and a 3 in of equal quantity, the same reference, item, SKU and building before others.
kind redefined_in_parts: what is left of an item at the end, whatever the quantities.
kind disposal_order: disposed units and the disposal orders requested before them, the same condition first. A return
order disposes of nothing. Half a year is the longest that an order is waited for; a day allows for time zones.
kinds opposite_imbalance, loss_in_ledger, late_event: what explains an imbalance of the ledger summary.
kinds corrected, damaged_again, paid_damaged: what explains units received as damaged.
kind paid: payments that no settled loss uses and that may be for such units.
Source: https://sellercentral.amazon.com/help/hub/reference/G4FKT5KQWFFJ7LDN
*/
with adjustments as (
  select
    *,
    upper(trim(reason)) as code,
    upper(replace(trim(disposition), ' ', '_')) = 'SELLABLE' as sellable,
    coalesce(fnsku, msku) as product,
    concat_ws('|', reference_id, fulfillment_center, fnsku) as tie
  from ledger
  where event_type ilike 'adjustment%'),
used as (
  select settling_row, sum(units) as used_units
  from settlements
  group by settling_row),
redefinitions as (
  select *, case when code = '4' then 'demand' else 'supply' end as side, abs(quantity) as units
  from adjustments
  where code = '4' and quantity < 0 or code = '3' and quantity > 0),
redefinition_keys as (
  -- the surest first: the place in the list is the stage
  select
    *,
    unnest(range(1, 7)) as stage,
    unnest([
      concat_ws('|', units, 'reference', reference_id),
      concat_ws('|', units, asin, 'in', fulfillment_center),
      concat_ws('|', units, 'asin', asin),
      concat_ws('|', units, 'msku', msku),
      concat_ws('|', units, 'in', fulfillment_center),
      units::varchar]) as offset_key
  from redefinitions),
disposals as (
  select * from adjustments where code in ('D', 'G')),
orders as (
  select
    *,
    regexp_replace(lower(order_type), '[\s_:./-]', '', 'g') as type_letters,
    regexp_replace(lower(disposition), '[^a-z]', '', 'g') as condition_letters,
    regexp_replace(lower(order_status), '[^a-z]', '', 'g') as status_letters
  from removal_orders),
disposal_orders as (
  select
    *,
    case
      when status_letters in ('cancelled', 'canceled') or status_letters = 'completed' and disposed_quantity is not null
        then disposed_quantity
      -- what is being disposed of may have left the ledger before the order says so
      else greatest(disposed_quantity, requested_quantity - coalesce(cancelled_quantity, 0) - coalesce(shipped_quantity, 0))
    end as ordered_units
  from orders
  where (type_letters like '%dispos%' or type_letters like '%destr%' or type_letters like '%entsorg%'
      or type_letters like '%vernicht%' or type_letters like '%rebut%' or type_letters like '%limin%'
      or type_letters like '%détru%' or type_letters like '%smaltim%' or type_letters like '%desech%'
      or type_letters like '%廃棄%' or type_letters like '%処分%')
    and type_letters not like '%return%'),
late_rows as (
  select *
  from adjustments
  where quantity > 0
    and code in ('F', 'N', '3', '1', 'J')
    and row_id not in (select settling_row from used)
    and row_id not in (select left_row from pairs)
  union all
  -- units that left late; where a summary counts that day, they are another event
  select *
  from adjustments
  where quantity < 0
    and code in ('M', '5', 'E', '6', '7', 'H', 'K', 'U', 'D', 'G', 'O', '4', '2')
    and not exists (
      select date
      from ledger_summaries
      where ledger_summaries.fnsku = adjustments.fnsku
        and adjustments.date between ledger_summaries.date and coalesce(ledger_summaries.period_end, ledger_summaries.date))),
deficits as (
  select * from imbalances where state = 'kept'),
surpluses as (
  select *, -units as surplus_units from imbalances where state <> 'overlapped'),
reported_losses as (
  -- the lots of a period beyond what its summary already counts as lost or damaged
  select
    deficits.row_id as deficit_row,
    lots.row_id,
    lots.date,
    least(
      lots.units,
      sum(lots.units) over (partition by deficits.row_id order by lots.date, lots.row_id) - deficits.stated_losses) as units
  from deficits
  join lots
    on lots.family in ('lost', 'damaged') and lots.fnsku = deficits.fnsku
    and upper(replace(trim(lots.disposition), ' ', '_')) = deficits.disposition_code
    and lots.date between deficits.first_day and deficits.last_day
    and (lots.country = deficits.country or lots.country is null or deficits.country is null)),
damaged as (
  select * from damaged_receipts where fault = 'amazon'),
open_payments as (
  select payments.*, units - coalesce(used_units, 0) as open_units
  from payments
  left join used on used.settling_row = payments.row_id
  where order_id is null)
select stage, 'redefined' as kind, side, row_id, offset_key, units, date, -7 as earliest, 7 as latest, tie
from redefinition_keys
union all
select 42, 'redefined_in_parts', side, row_id, asin, units, date, -7, 7, tie
from redefinitions
union all
select 11, 'disposal_order', 'demand', row_id, concat_ws('|', product, sellable), -quantity, date, -180, 1, tie
from disposals
union all
select 11, 'disposal_order', 'supply', row_id, concat_ws('|', coalesce(fnsku, msku), condition_letters = 'sellable'), ordered_units, date, -180, 1, order_id
from disposal_orders
where condition_letters <> ''
union all
select 12, 'disposal_order', 'demand', row_id, product, -quantity, date, -180, 1, tie
from disposals
where sellable
union all
select 12, 'disposal_order', 'supply', row_id, fnsku, ordered_units, date, -180, 1, order_id
from disposal_orders
union all
select 13, 'disposal_order', 'demand', row_id, msku, -quantity, date, -180, 1, tie
from disposals
where sellable
union all
select 13, 'disposal_order', 'supply', row_id, msku, ordered_units, date, -180, 1, order_id
from disposal_orders
where msku is not null
union all
select 21, 'loss_in_ledger', 'demand', row_id, row_id::varchar, units, last_day, -400, 0, null
from deficits
union all
select 21, 'loss_in_ledger', 'supply', row_id, deficit_row::varchar, units, date, -400, 0, null
from reported_losses
union all
select 22, 'opposite_imbalance', 'demand', row_id, concat_ws('|', fnsku, last_day), units, first_day, 0, 0, disposition_code
from deficits
union all
select 22, 'opposite_imbalance', 'supply', row_id, concat_ws('|', fnsku, last_day), surplus_units, first_day, 0, 0, disposition_code
from surpluses
union all
select 23, 'opposite_imbalance', 'demand', row_id, fnsku, units, last_day, 1, 30, disposition_code
from deficits
union all
select 23, 'opposite_imbalance', 'supply', row_id, fnsku, surplus_units, first_day, 1, 30, disposition_code
from surpluses
union all
select 24, 'opposite_imbalance', 'demand', row_id, fnsku, units, first_day, -30, -1, disposition_code
from deficits
union all
select 24, 'opposite_imbalance', 'supply', row_id, fnsku, surplus_units, last_day, -30, -1, disposition_code
from surpluses
union all
select 25, 'late_event', 'demand', row_id, concat_ws('|', fnsku, units), units, last_day, 1, 30, disposition_code
from deficits
union all
select 25, 'late_event', 'supply', row_id, concat_ws('|', fnsku, abs(quantity)), abs(quantity), date, 1, 30, tie
from late_rows
union all
select 31, 'corrected', 'demand', row_id, product, units, date, 0, 9999, shipment_id
from damaged
union all
select 31, 'corrected', 'supply', arrival.row_id, arrival.product, arrival.quantity - coalesce(used_units, 0), arrival.date, 0, 9999, arrival.tie
from pairs
join adjustments as arrival on arrival.row_id = pairs.left_row
join adjustments as departure on departure.row_id = pairs.right_row
left join used on used.settling_row = arrival.row_id
where pairs.kind = 'back_to_sellable'
  and (departure.disposition ilike '%carrier%damage%' or departure.disposition ilike '%warehouse%damage%')
union all
select 32, 'damaged_again', 'demand', row_id, product, units, date, 0, 9999, shipment_id
from damaged
where by_carrier
union all
select 32, 'damaged_again', 'supply', row_id, product, -quantity, date, 0, 9999, tie
from adjustments
where code = '6'
union all
select 33, 'paid_damaged', 'demand', row_id, product, units, date, 0, 9999, shipment_id
from damaged
union all
select 33, 'paid_damaged', 'supply', row_id, coalesce(fnsku, msku), open_units, date, 0, 9999, reimbursement_id
from open_payments
where family = 'inbound_damaged'
union all
select 41, 'paid', 'demand', row_id, product, -quantity, date, 0, 9999, tie
from adjustments
where code in ('D', 'G') and sellable or code = '4'
union all
select 41, 'paid', 'demand', row_id, fnsku, units, last_day, 0, 9999, disposition_code
from deficits
union all
select 41, 'paid', 'supply', row_id, coalesce(fnsku, msku), open_units, date, 0, 9999, reimbursement_id
from open_payments
where family in ('lost', 'damaged', 'unknown')
