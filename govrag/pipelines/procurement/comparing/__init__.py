"""Comparisons: past RFPs alike, requirements against chapters and evidence, two texts side by side."""
