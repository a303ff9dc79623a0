"""The jobs: from a question or a draft to a checked result."""
