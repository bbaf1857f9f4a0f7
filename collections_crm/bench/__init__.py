"""What `bin/bench` measures. Each module here with a function `measure(sizes)` is a part; it yields figures.

A part makes the databases it needs by `databases.fresh_database()`, clones of one that was migrated for this run, on
servers of this run's own that write durably, as in production.
"""
