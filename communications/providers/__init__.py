"""Who carries what we write. Only `communications/services/send.py` asks them to."""
