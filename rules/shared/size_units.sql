/*
table = "size_units"
what = "How many centimetres, grams or cubic centimetres one unit of a size is, by the unit's name in small letters."

Each row of an export names its own units. A size whose unit stands not here is unknown.
*/
select kind, unit, factor
from (values
  ('length', 'centimeters', 1.0),
  ('length', 'centimetres', 1.0),
  ('length', 'centimeter', 1.0),
  ('length', 'cm', 1.0),
  ('length', 'millimeters', 0.1),
  ('length', 'mm', 0.1),
  ('length', 'inches', 2.54),
  ('length', 'inch', 2.54),
  ('length', 'in', 2.54),
  ('weight', 'grams', 1.0),
  ('weight', 'gram', 1.0),
  ('weight', 'g', 1.0),
  ('weight', 'kilograms', 1000.0),
  ('weight', 'kilogram', 1000.0),
  ('weight', 'kg', 1000.0),
  ('weight', 'pounds', 453.59237),
  ('weight', 'pound', 453.59237),
  ('weight', 'lb', 453.59237),
  ('weight', 'lbs', 453.59237),
  ('weight', 'ounces', 28.349523125),
  ('weight', 'ounce', 28.349523125),
  ('weight', 'oz', 28.349523125),
  ('volume', 'cubic centimeters', 1.0),
  ('volume', 'cubic centimetres', 1.0),
  ('volume', 'cm3', 1.0),
  ('volume', 'cubic meters', 1000000.0),
  ('volume', 'cubic metres', 1000000.0),
  ('volume', 'm3', 1000000.0),
  ('volume', 'cubic inches', 16.387064),
  ('volume', 'cubic feet', 28316.846592),
  ('volume', 'cubic foot', 28316.846592),
  ('volume', 'ft3', 28316.846592)) as known (kind, unit, factor)
