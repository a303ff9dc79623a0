"""Claim charts: elements beside what documents say, word for word."""
