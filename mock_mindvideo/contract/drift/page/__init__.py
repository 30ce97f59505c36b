"""A saved page of the vendor: what it says, and what of it has changed."""
