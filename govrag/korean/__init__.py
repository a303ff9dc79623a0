"""Korean text: normalised with offsets kept, analysed into morphemes, split into sentences, counted in tokens."""
