"""What auth keeps in MongoDB, between domain and models."""
