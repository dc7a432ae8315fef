"""How the tables of the case log change from version to version."""
