"""The form of Korean statutes: their tree, their citations, their names, their time."""
