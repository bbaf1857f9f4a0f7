"""A person's data as a whole: what is held, what may be blanked and what must stay, exports, erasure, retention."""
