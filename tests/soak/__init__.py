"""Real servers, as processes: races, crashes, several workers, clean stops."""
