-- ARGV: version and revision that are known.
return ground(ARGV[1], ARGV[2])
