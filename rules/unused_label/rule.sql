/*
title = "Label paid for, but never used"
what = "A label of Amazon's partnered carrier that was charged for a shipment to Amazon that was then cancelled or deleted, or closed with nothing received, less what was given back."
why = "Amazon gives back the charge for a label of its partnered carrier that was not used."
leaves_out = [
  "Labels whose charge was given back, whether or not the row names the shipment.",
  "Shipments of which anything was received.",
  "Shipments whose units are missing: units that were sent used their label, and `inbound_missing` claims them.",
  "Shipments that are not cancelled or closed, and those that the exports do not show.",
]
source = "https://sellercentral.amazon.com/gp/help/external/help.html?itemID=L862UFSVUR6TM2P"
window = "unused_label"
basis = "stated"
value_basis = "charge"
reads = [["settlements_v2", "transactions"], "shipments", "ledger"]
inputs = ["settlements_v2", "transactions", "shipments", "shortages", "ledger"]

[[requires]]
table = "ledger"
part = "Receipts"
from = "covers_from"
to = "as_of"
without = "no_finding"
*/
with money as (
  select
    row_id,
    date,
    upper(trim(order_id)) as shipment_id,
    upper(currency) as currency,
    amount,
    regexp_replace(lower(concat_ws(' ', amount_type, amount_description)), '[^a-z]', '', 'g') as letters,
    marketplace_name,
    settlement_id,
    'settlement' as source
  from settlements_v2
  union all
  select
    row_id,
    date,
    upper(trim(order_id)),
    upper(currency),
    total,
    regexp_replace(lower(concat_ws(' ', type_printed, description)), '[^a-z]', '', 'g'),
    marketplace,
    settlement_id,
    'transactions'
  from transactions),
carriage as (
  -- FBAInboundTransportationFee, FBA Amazon-Partnered Carrier Shipment Fee: neither placement nor convenience fees
  select
    *,
    letters like '%inbound%transportation%' or letters like '%partnered%carrier%' as is_carriage,
    coalesce(regexp_matches(shipment_id, '^FBA[0-9A-Z]{6,}$'), false) as has_shipment,
    case when amount < 0 then 'charged' when amount > 0 then 'given_back' end as role
  from money),
label_money as (
  -- money back for a shipment counts whatever it is called
  select *
  from carriage
  where role is not null and (is_carriage or has_shipment and role = 'given_back')),
counted as (
  -- the transaction report repeats what a settlement holds: then the settlement counts
  select *
  from label_money
  where source = 'settlement'
    or not exists (
      select settled.row_id
      from label_money as settled
      where settled.source = 'settlement'
        and settled.shipment_id is not distinct from label_money.shipment_id
        and settled.currency = label_money.currency
        and settled.role = label_money.role
        and abs(settled.date - label_money.date) <= 1)),
charged as (
  select
    shipment_id,
    currency,
    min(date) filter (role = 'charged') as charge_date,
    -sum(amount) filter (role = 'charged') as charged,
    coalesce(sum(amount) filter (role = 'given_back'), 0) as given_back,
    max(marketplace_name) as marketplace_name,
    list({'role': role, 'row_id': row_id, 'units': null::bigint} order by role, date, row_id) as money_rows
  from counted
  where has_shipment
  group by shipment_id, currency
  having bool_or(role = 'charged')),
unnamed as (
  select currency, amount, date, row_id
  from counted
  where not has_shipment),
states as (
  select
    upper(trim(shipment_id)) as shipment_id,
    row_id as shipment_row,
    created,
    updated,
    units_located,
    ship_to,
    regexp_replace(lower(status), '[^a-z]', '', 'g') as status_letters
  from shipments
  -- of two states of one shipment the less final one counts
  qualify row_number() over (
    partition by upper(trim(shipment_id))
    order by updated desc nulls last, upper(trim(status)) = 'CLOSED', row_id) = 1),
arrivals as (
  select upper(trim(reference_id)) as shipment_id, sum(quantity) as received_units
  from ledger
  where event_type ilike 'receipt%' and quantity > 0
  group by upper(trim(reference_id))),
buildings as (
  select fulfillment_center, mode(country order by country) as country
  from ledger
  group by fulfillment_center),
missing as (
  select upper(trim(shipment_id)) as shipment_id, sum(short_units) as missing_units
  from shortages
  where state = 'closed'
  group by upper(trim(shipment_id))),
unused as (
  select
    charged.*,
    charged - given_back as owed,
    created,
    shipment_row,
    coalesce(received_units, units_located) as received_units,
    missing_units,
    coalesce(marketplace_name, country) as marketplace,
    case
      when status_letters is null then 'shipment_unknown'
      when status_letters in ('cancelled', 'canceled', 'deleted') then 'cancelled'
      when status_letters = 'closed' then 'closed'
      else 'shipment_not_closed'
    end as state
  from charged
  left join states on states.shipment_id = charged.shipment_id
  left join arrivals on arrivals.shipment_id = charged.shipment_id
  left join missing on missing.shipment_id = charged.shipment_id
  left join buildings on buildings.fulfillment_center = states.ship_to),
returned_loosely as (
  -- a credit may not name its shipment: one of exactly this amount is taken to be it
  select unused.shipment_id, unused.currency, unnamed.row_id as credit_row
  from unused
  join unnamed on unnamed.currency = unused.currency and unnamed.amount = unused.owed and unnamed.date >= unused.charge_date
  qualify row_number() over (partition by unused.shipment_id, unused.currency order by unnamed.date, unnamed.row_id) = 1),
judged as (
  select
    unused.*,
    credit_row,
    list_append(money_rows, {'role': 'shipment', 'row_id': shipment_row, 'units': null::bigint}) as evidence,
    case
      when state in ('shipment_unknown', 'shipment_not_closed') then state
      when received_units > 0 then 'received'
      when missing_units > 0 then 'units_missing'
      when owed <= 0 or credit_row is not null then 'given_back'
      else 'claim'
    end as outcome
  from unused
  left join returned_loosely on returned_loosely.shipment_id = unused.shipment_id and returned_loosely.currency = unused.currency)
select
  concat_ws('|', shipment_id, currency) as identity,
  outcome,
  case outcome
    when 'shipment_unknown' then 'the exports do not show what became of this shipment'
    when 'shipment_not_closed' then 'the shipment is neither cancelled nor closed'
    when 'received' then format('{} units of the shipment were received, so its label was used', received_units)
    when 'units_missing' then format('{} units of the shipment are missing, so they were sent; inbound_missing looks for them', missing_units)
    when 'given_back' then format('the charge of {:.2f} {} was given back', charged::double, currency)
    else format('{:.2f} charged - {:.2f} given back = {:.2f} {} for a label that was not used', charged::double, given_back::double, owed::double, currency)
  end as explanation,
  marketplace,
  null::varchar as fnsku,
  null::varchar as msku,
  null::varchar as asin,
  null::varchar as title,
  shipment_id as reference_id,
  charge_date as event_date,
  created as anchor_date,
  coalesce(created, charge_date - 30) as covers_from,
  1::bigint as units,
  owed::decimal(38, 4) as value_total,
  1::bigint as value_units,
  currency,
  'review' as confidence,
  case
    when state = 'closed' then ['nothing_received: the shipment was closed and nothing was received; look whether it was ever handed over']
    else ['label_unused: the shipment was cancelled; look whether its label was cancelled in time, or voided by itself']
  end as reasons,
  ['ledger'] as relies_on,
  evidence
from judged
