"""The store: exports read once and kept as Parquet, folded into canonical tables, with their coverage."""
