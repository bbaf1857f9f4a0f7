"""Placing a file of accounts: receive it, stage its rows, check them, load them in batches, go live at the end."""
