"""The records of files in MongoDB: queries that carry the company, and what leaves them together."""
