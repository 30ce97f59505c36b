"""Comparing two OpenAPI documents: what is sent concerns requests, what comes back readers."""
