"""The store as static pages: what is in force, what is blocked, and the chain from every run to its approval."""
