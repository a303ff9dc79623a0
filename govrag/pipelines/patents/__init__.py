"""Patents: claims and their form, prior art, charts, days of the law, statements of opinion."""
