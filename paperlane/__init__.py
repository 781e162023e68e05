"""What a person uses Paperlane with: the command line, and the stack that runs all of it on one machine."""
