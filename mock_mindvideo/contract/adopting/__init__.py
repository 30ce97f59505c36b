"""A saved page of the vendor becomes a model folder: what it says, and what it leaves open."""
