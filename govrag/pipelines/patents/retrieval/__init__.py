"""What the search for prior art is made of: words, postings, papers and their days, queries, coverage, formulas."""
