"""Files made to hurt, damage to good ones, and the proof that neither does."""
