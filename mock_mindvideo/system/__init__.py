"""What is taken from the machine: its clocks, and the files that came with the package."""
