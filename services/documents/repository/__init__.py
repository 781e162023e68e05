"""The records of documents in MongoDB: queries that carry the company, and changes by compare-and-set."""
