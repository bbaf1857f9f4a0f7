"""What the pages of the top floor keep: the queue, its leases, drafts."""
