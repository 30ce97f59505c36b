"""What the schema files say, and what is said of broken ones."""
