"""The policy gate: plain Python that says whether a contact may be made, why not, and from when.

No database, no Django.
"""
