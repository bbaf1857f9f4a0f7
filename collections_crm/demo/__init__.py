"""The demo book: invented people and businesses, reachable only through numbers and domains that reach nobody."""
