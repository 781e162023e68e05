"""What auth knows: companies, clients with their secrets and API keys, and what requests for tokens must look like."""
