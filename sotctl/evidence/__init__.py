"""What a Stage 2 run leaves behind, read strictly and judged again by anyone, without trusting the run."""
