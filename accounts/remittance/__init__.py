"""Remittances of an advance: its days and amounts, the true-up, and statements read. No database."""
