"""Patents: offices' XML, and the text of specifications and gazettes."""
