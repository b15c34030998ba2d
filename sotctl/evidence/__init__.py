"""The evidence of a Stage 2 run: its report, computed again by anyone without trusting the run, records and packs."""
