"""The collection: truth, lexical and dense index, kept in step."""
