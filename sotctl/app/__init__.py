"""What the verbs share: options, help, opening the store, and making a plan real."""
