"""The work of the day: which account is next, for whom, and who has it just now."""
