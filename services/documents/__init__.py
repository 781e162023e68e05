"""Documents: projects, cases, documents, their states and history, and what the ERP reports about their transfer."""
