/*
table = "damaged_receipts"
what = "One row per shipment and product received in another disposition than sellable, net of deductions, by who did the damage."

fault `amazon`: damaged by a carrier or in the fulfilment centre; `seller`: by the distributor, defective, expired or
damaged by a customer; `unknown`: any other disposition. The window counts from the first receipt of the whole shipment.
Source of the dispositions: https://sellercentral.amazon.com/help/hub/reference/G4FKT5KQWFFJ7LDN
*/
with receipts as (
  select
    *,
    coalesce(fnsku, msku) as product,
    regexp_replace(upper(disposition), '[^A-Z]', '', 'g') as letters
  from ledger
  where event_type ilike 'receipt%'),
judged as (
  select
    *,
    case
      when letters like '%CARRIER%DAMAGE%' or letters like '%WAREHOUSE%DAMAGE%' or letters like '%CENT%DAMAGE%' then 'amazon'
      when letters like '%DISTRIBUTOR%' or letters like '%CUSTOMER%' or letters like '%DEFECT%' or letters like '%EXPIRED%' then 'seller'
      else 'unknown'
    end as fault
  from receipts
  where letters <> 'SELLABLE'),
deliveries as (
  select reference_id as shipment_id, min(date) filter (quantity > 0) as first_receipt
  from receipts
  group by reference_id)
select
  judged.reference_id as shipment_id,
  product,
  fault,
  min(row_id) as row_id,
  min(fnsku) as fnsku,
  min(msku) as msku,
  min(asin) as asin,
  max(title) as title,
  arg_min(country, (date, country)) as country,
  string_agg(distinct disposition, ', ' order by disposition) as dispositions,
  bool_or(letters like '%CARRIER%') as by_carrier,
  min(date) filter (quantity > 0) as date,
  any_value(first_receipt) as first_receipt,
  sum(quantity) filter (quantity > 0)::bigint as received_units,
  sum(quantity)::bigint as units,
  list({'role': 'received_damaged', 'row_id': row_id, 'units': quantity} order by date, row_id) as receipt_rows
from judged
join deliveries on deliveries.shipment_id = judged.reference_id
group by judged.reference_id, product, fault
