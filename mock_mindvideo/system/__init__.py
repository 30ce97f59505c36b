"""What is taken from the machine: its clocks."""
