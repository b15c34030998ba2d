"""Detection and speed of the secret detector, beside its peers, on corpora made by seeded code."""
