"""Generate, list, show, revoke, sign or verify admissions."""

GROUP = "decide"
