-- ARGV: 1-4 what is believed of the world, 5 the revision that is known, 6 real, 7-13 the new state,
-- 14 channel, 15 notice. Writes only a world that is as it is believed to be.
if not believed(ARGV[1], ARGV[2], ARGV[3], ARGV[4]) then return {0, ground('', ARGV[5])} end
if ARGV[7] ~= UNCHANGED then
  write({ARGV[7], ARGV[8], ARGV[9], ARGV[10], ARGV[11], ARGV[12], ARGV[13]})
  saw(ARGV[6])
  if ARGV[15] ~= '' then redis.call('PUBLISH', ARGV[14], ARGV[15]) end
end
return {1}
