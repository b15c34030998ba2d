"""What is measured: speed, and detection, against the peers in one run."""
