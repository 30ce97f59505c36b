"""What the domain promises: pure values, so that most of it is said as properties."""
