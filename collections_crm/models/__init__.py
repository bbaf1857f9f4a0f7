"""What only the top floor keeps: the account as the queue sees it, and how a person works with the pages."""

from collections_crm.models.data_export import DataExport, ExportState
from collections_crm.models.draft import Draft
from collections_crm.models.lease import Lease
from collections_crm.models.queue_entry import CHANNEL_BITS, QueueEntry, Tab
from collections_crm.models.saved_view import SavedView
from collections_crm.models.window import ContactWindow

__all__ = [
    "CHANNEL_BITS",
    "ContactWindow",
    "DataExport",
    "Draft",
    "ExportState",
    "Lease",
    "QueueEntry",
    "SavedView",
    "Tab",
]
