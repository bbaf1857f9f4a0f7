"""Who may hear about a debt: the questions of each place, and reading the answers."""
