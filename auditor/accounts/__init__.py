"""Many accounts: their list, the batch that audits them, what a night concluded about each."""
