"""The authorization server: companies, their clients, and the tokens that say who is calling."""
