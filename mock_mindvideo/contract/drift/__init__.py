"""What has changed between two versions of a schema, a model, a document or a page."""
