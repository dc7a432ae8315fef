"""The rulebook as data: one folder a rule, dated policy, shared queries."""
