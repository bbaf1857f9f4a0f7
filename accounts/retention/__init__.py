"""How long personal values are kept, by jurisdiction, and on which grounds they are blanked. Data and plain Python."""
