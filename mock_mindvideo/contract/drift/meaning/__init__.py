"""What schemas mean: which values one takes and another does not, by proof or by example."""
