"""What the gate and a hook run before anything else is imported."""
