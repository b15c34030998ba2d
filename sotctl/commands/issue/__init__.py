"""List, show and move issues, and say what they wait for."""

GROUP = "decide"
