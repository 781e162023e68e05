"""What documents can do: one function per use case, each with the desk as its first argument."""
