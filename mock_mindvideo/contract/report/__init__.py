"""A run's report for each of its readers: a person, a program, and what CI shows."""
