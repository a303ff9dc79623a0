"""Procurement: drafts of RFPs, reviews against the law, past RFPs alike, matrices and comparisons."""
