/*
table = "losses"
what = "Every loss and damage of the ledger: M and 5 are lost, E is sellable stock damaged, 6 7 H K U unsellable stock."

`figure` is Amazon's own count of what is still open: Unreconciled Quantity; blank means 0 when Reconciled is filled,
else all units; unknown when the export has no such column or the cell cannot be read.
Source: https://sellercentral.amazon.com/help/hub/reference/G4FKT5KQWFFJ7LDN
*/
with unreadable as (
  select distinct row_id
  from damaged_rows
  where column_name in ('reconciled', 'unreconciled')),
copies as (
  -- the same event in an export that a spreadsheet damaged: its reference ID is gone, the rest is equal
  select damaged.row_id
  from ledger as damaged
  join damaged_rows on damaged_rows.row_id = damaged.row_id and damaged_rows.column_name = 'reference_id'
  join ledger as whole
    on whole.date = damaged.date and whole.fnsku = damaged.fnsku and whole.quantity = damaged.quantity
    and upper(whole.reason) = upper(damaged.reason) and whole.reference_id is not null
    and whole.row_id // 4294967296 <> damaged.row_id // 4294967296),
arrivals as (
  select pairs.left_row, upper(replace(trim(ledger.disposition), ' ', '_')) as damaged_into
  from pairs
  join ledger on ledger.row_id = pairs.right_row
  where pairs.kind = 'damage_arrival')
select
  ledger.row_id,
  case when upper(trim(reason)) in ('M', '5') then 'lost' else 'damaged' end as family,
  fnsku,
  msku,
  asin,
  title,
  country,
  date,
  reference_id,
  fulfillment_center,
  disposition,
  upper(trim(reason)) as code,
  -quantity as units,
  case
    when not has_figures or unreadable.row_id is not null then null
    when unreconciled is not null then unreconciled
    when reconciled is not null then 0
    else -quantity
  end as figure,
  case when has_figures then export_last_day end as figure_day,
  arrivals.damaged_into
from ledger
left join unreadable on unreadable.row_id = ledger.row_id
left join arrivals on arrivals.left_row = ledger.row_id
where event_type ilike 'adjustment%'
  and upper(trim(reason)) in ('M', '5', 'E', '6', '7', 'H', 'K', 'U')
  and quantity < 0
  and ledger.row_id not in (select row_id from copies)
