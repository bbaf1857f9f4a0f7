"""Reading a file of accounts handed over: from untrusted bytes to rows that are placed, skipped or rejected.

Nothing in here touches the database: a file is read the same way for a preview, a dry run and the real thing.
"""
