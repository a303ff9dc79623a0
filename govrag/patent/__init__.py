"""Patents as such: their numbers, their claims, their classes."""
