"""One file for each policy rule, with `RULE`; `run` holds a change against all of them."""
