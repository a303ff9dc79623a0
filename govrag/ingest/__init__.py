"""From paths and bytes to documents and passages."""
