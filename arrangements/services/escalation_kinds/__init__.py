"""Kinds of escalation, one a file."""
