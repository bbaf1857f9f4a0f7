"""A real PostgreSQL and a real Valkey out of Python wheels, kept in a folder of the checkout. Development only."""
