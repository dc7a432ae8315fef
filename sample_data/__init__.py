"""Small synthetic accounts, one a market."""
