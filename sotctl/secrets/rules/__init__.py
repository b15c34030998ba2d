"""One file for each vendor or carrier family, with `RULES`; the rules within report under their own ids."""
