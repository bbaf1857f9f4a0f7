"""Schedules of payments worked out from terms: amounts and days, and what they are worth. No database, no clock."""
