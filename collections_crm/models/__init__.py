"""What the pages of the top floor keep: the queue, its leases, drafts. One noun a file."""

from collections_crm.models.draft import Draft

__all__ = ["Draft"]
