"""What auth can do: issue and void tokens, say whom to trust, keep companies and their clients."""
