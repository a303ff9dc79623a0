"""Labour law: consultation, calculators, inspection, and the papers around a case."""
