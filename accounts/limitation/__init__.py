"""Limitation, in plain Python: periods as data, and the clock that runs on them."""
