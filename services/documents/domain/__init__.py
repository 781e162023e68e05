"""What a document, a case and a project are, the table of states, and how a result is judged. No input or output."""
