"""Statements of opinion beside the notice that they answer and the amendment that comes with them."""
