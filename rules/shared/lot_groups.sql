/*
table = "lot_groups"
what = "Lots that are one claim: same product, reference, day, country and kind, with what explains them and the proof."
*/
with explained as (
  select
    settlements.lot_row,
    case
      when payments.cash_units = 0 and payments.inventory_units > 0 then 'paid_in_inventory'
      when settlements.kind = 'found' then 'found_later'
      when settlements.kind = 'reconciled' then 'reconciled_by_amazon'
      else settlements.kind
    end as outcome,
    settlements.kind as role,
    settlements.settling_row as row_id,
    settlements.units,
    settlements.date,
    settlements.other_country
  from settlements
  left join payments on payments.row_id = settlements.settling_row),
keyed as (
  select
    *,
    code in ('6', '7', 'H', 'K', 'U') as unsellable,
    concat_ws('|', coalesce(fnsku, msku), reference_id, date, country, case when code in ('6', '7', 'H', 'K', 'U') then 'unsellable' end) as group_key
  from lots
  where family in ('lost', 'damaged')),
proof as (
  select group_key, family, family as role, row_id, units, date from keyed
  union all
  select group_key, family, role, explained.row_id, sum(explained.units), any_value(explained.date)
  from explained
  join keyed on keyed.row_id = explained.lot_row
  group by group_key, family, role, explained.row_id),
proof_rows as (
  select
    group_key,
    family,
    list({'role': role, 'row_id': row_id, 'units': units} order by role not in ('lost', 'damaged'), date, role, row_id) as evidence
  from proof
  group by group_key, family),
outcomes as (
  select group_key, family, outcome, sum(explained.units) as units, max(explained.date) as last_date, bool_or(other_country) as other_country
  from explained
  join keyed on keyed.row_id = explained.lot_row
  group by group_key, family, outcome),
outcome_lists as (
  select
    group_key,
    family,
    list({'outcome': outcome, 'units': units, 'last_date': last_date} order by outcome) as outcomes,
    bool_or(other_country) as other_country
  from outcomes
  group by group_key, family),
grouped as (
  select
    group_key,
    family,
    any_value(fnsku) as fnsku,
    min(msku) as msku,
    min(asin) as asin,
    max(title) as title,
    any_value(country) as country,
    any_value(reference_id) as reference_id,
    any_value(date) as date,
    any_value(unsellable) as unsellable,
    bool_and(upper(replace(trim(disposition), ' ', '_')) = 'SELLABLE') as sellable,
    sum(units) as units,
    sum(open_units) as open_units,
    sum(history_open) as history_open,
    sum(after_figure) as after_figure,
    bool_or(decided_by <> 'fresh_figure' and open_units > 0) as needs_history,
    bool_or(figure is not null) as has_figure
  from keyed
  group by group_key, family)
select grouped.*, coalesce(outcomes, []) as outcomes, coalesce(other_country, false) as other_country, evidence
from grouped
join proof_rows on proof_rows.group_key = grouped.group_key and proof_rows.family = grouped.family
left join outcome_lists on outcome_lists.group_key = grouped.group_key and outcome_lists.family = grouped.family
