"""Git and the disk: trees, change sets, the lock, and `apply`, the one place that writes a store."""
