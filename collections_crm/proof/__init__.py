"""Proofs that the book is whole: a digest of everything in it, and the invariants checked one by one."""
