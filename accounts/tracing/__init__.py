"""Where a lost person is looked for: one module a provider, all with the interface of `provider.py`."""
