"""A retrieval chatbot over documents in this repository, in seven versions that differ for a reason."""
