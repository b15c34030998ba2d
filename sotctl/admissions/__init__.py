"""The admission: the JSON that names the one pair that may run, and the approval behind it."""
