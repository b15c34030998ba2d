"""What the verbs share: options, help, opening the store, and applying a plan."""
