"""What a provider can answer. Anything else that is raised means: nobody knows whether it was sent."""

from __future__ import annotations


class ProviderBusy(Exception):
    """It took nothing; the same message may be handed over again later."""


class ProviderRefused(Exception):
    """It took nothing and never will: a bad address, a blocked number. `code` is kept with the message."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
