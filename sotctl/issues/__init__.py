"""Issues: their moves, blockers, acceptance and graph, and documents imported as issues."""
