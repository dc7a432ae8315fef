"""The case log: what became of each finding, from the day it was seen to the day it was paid."""
