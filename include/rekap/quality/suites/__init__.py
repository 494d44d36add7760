"""The rules of the house, a module for each stage. SQL is the rule; `Expectation` is its other form where one fits."""

MOST_UNITS = 200  # no outlet has that many air conditioners: it is a phone number, a price or a date
