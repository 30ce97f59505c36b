"""OpenAPI documents: finding operations, and judging answers by them."""
