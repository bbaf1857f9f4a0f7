"""Closing the day: what the end of a civil day means for a portfolio."""
