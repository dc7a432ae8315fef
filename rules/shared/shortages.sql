/*
table = "shortages"
what = "One row per shipment and product: shipped, received over all fulfilment centres, and what is short."

Receipts carry the shipment ID as Reference ID; negative receipts count. Units of another product received beyond
what was shipped in the same shipment are mislabelled units, not a loss: they reduce a shortage, the same ASIN first.
The shipment's first receipt proves its delivery.
*/
with contents as (
  -- without an FNSKU the shipment's product is its MSKU, so that no later export changes what it is
  select
    shipment_id,
    coalesce(fnsku, msku) as product,
    fnsku,
    msku,
    asin,
    title,
    quantity,
    row_id
  from shipment_contents
  -- one shipment from two sources, of which one knows no label: the same units
  where fnsku is not null
    or (shipment_id, msku) not in (
      select (labelled.shipment_id, labelled.msku)
      from shipment_contents as labelled
      where labelled.fnsku is not null)),
shipped as (
  select
    shipment_id,
    product,
    any_value(fnsku) as fnsku,
    min(msku) as msku,
    min(asin) as asin,
    min(title) as title,
    sum(quantity) as shipped_units,
    list({'role': 'shipped', 'row_id': row_id, 'units': quantity} order by row_id) as shipped_rows
  from contents
  group by shipment_id, product),
labels as (
  select msku as label_msku, any_value(fnsku) as label_fnsku
  from products
  group by msku
  having count(fnsku) = 1),
arrivals as (
  select
    ledger.reference_id as shipment_id,
    case
      when by_fnsku.product is not null then by_fnsku.product
      when by_msku.product is not null then by_msku.product
      else coalesce(ledger.fnsku, ledger.msku)
    end as product,
    ledger.asin,
    ledger.quantity,
    ledger.row_id
  from ledger
  left join shipped as by_fnsku on by_fnsku.shipment_id = ledger.reference_id and by_fnsku.product = ledger.fnsku
  left join shipped as by_msku on by_msku.shipment_id = ledger.reference_id and by_msku.product = ledger.msku
  where event_type ilike 'receipt%'),
receipts as (
  select
    shipment_id,
    product,
    min(asin) as asin,
    sum(quantity) as received_units,
    list({'role': 'received', 'row_id': row_id, 'units': quantity} order by row_id) as received_rows
  from arrivals
  group by shipment_id, product),
deliveries as (
  select
    reference_id as shipment_id,
    min(date) filter (quantity > 0) as first_receipt,
    max(date) as last_receipt,
    arg_min(country, (date, country)) as country
  from ledger
  where event_type ilike 'receipt%'
  group by reference_id),
buildings as (
  select fulfillment_center, mode(country order by country) as country
  from ledger
  group by fulfillment_center),
queue as (
  select
    shipment_id,
    row_id,
    created,
    updated,
    regexp_replace(lower(status), '[^a-z]', '', 'g') as status_letters,
    ship_to,
    (select max(updated) from shipments) as queue_known_to
  from shipments
  -- a payload states no dates: of two states of one shipment the less final one counts
  qualify row_number() over (
    partition by shipment_id
    order by updated desc nulls last, upper(trim(status)) = 'CLOSED', row_id) = 1),
compared as (
  select
    shipped.*,
    -- more deducted than received: nothing was received, and the rows count nothing
    case when received_units >= 0 then received_rows end as received_rows,
    greatest(shipped_units - greatest(received_units, 0), 0) as missing_units
  from shipped
  left join receipts on receipts.shipment_id = shipped.shipment_id and receipts.product = shipped.product),
surpluses as (
  select
    receipts.shipment_id,
    receipts.product,
    receipts.asin,
    receipts.received_units - coalesce(shipped.shipped_units, 0) as surplus_units,
    receipts.received_rows
  from receipts
  left join shipped on shipped.shipment_id = receipts.shipment_id and shipped.product = receipts.product),
surplus_by_shipment as (
  select
    shipment_id,
    sum(surplus_units) as surplus_units,
    list(asin) as surplus_asins,
    list({'role': 'received_as_other', 'row_id': list_first(received_rows).row_id, 'units': surplus_units} order by product) as surplus_rows
  from surpluses
  where surplus_units > 0
  group by shipment_id),
offset_units as (
  select
    compared.shipment_id,
    compared.product,
    surplus_units,
    surplus_rows,
    greatest(0, least(
      missing_units,
      coalesce(surplus_units, 0) - coalesce(sum(missing_units) over (
        partition by compared.shipment_id
        order by (not list_contains(surplus_asins, compared.asin)), compared.product
        rows between unbounded preceding and 1 preceding), 0))) as received_as_other,
    count(*) filter (missing_units > 0) over (partition by compared.shipment_id) as short_products
  from compared
  left join surplus_by_shipment on surplus_by_shipment.shipment_id = compared.shipment_id)
select
  compared.shipment_id,
  compared.product,
  coalesce(compared.fnsku, label_fnsku) as fnsku,
  compared.msku,
  compared.asin,
  compared.title,
  coalesce(deliveries.country, buildings.country) as country,
  shipped_units,
  received_as_other,
  missing_units - received_as_other as short_units,
  surplus_units,
  short_products,
  created,
  updated,
  first_receipt,
  coalesce(first_receipt, updated) as delivered,
  status_letters,
  queue_known_to,
  case
    when coalesce(status_letters, '') = '' then 'unknown'
    when status_letters in ('cancelled', 'canceled', 'deleted') then 'cancelled'
    when status_letters = 'closed' then 'closed'
    when status_letters in ('delivered', 'checkedin', 'receiving')
      and updated is not null
      and greatest(updated, last_receipt) <= $as_of::date - 21 then 'silent'
    else 'not_closed'
  end as state,
  queue.row_id as shipment_row,
  shipped_rows,
  received_rows,
  surplus_rows
from compared
join offset_units on offset_units.shipment_id = compared.shipment_id and offset_units.product = compared.product
left join deliveries on deliveries.shipment_id = compared.shipment_id
left join queue on queue.shipment_id = compared.shipment_id
left join buildings on buildings.fulfillment_center = queue.ship_to
left join labels on labels.label_msku = compared.msku
