"""What must be one step in Redis, as the scripts (Lua) that it runs."""

PUT = """
local stored = redis.call('GETRANGE', KEYS[1], 0, 7)
if #stored == 8 then
  local at = struct.unpack('>d', stored)
  if at > tonumber(ARGV[2]) and at <= tonumber(ARGV[3]) then return 0 end
end
redis.call('SET', KEYS[1], struct.pack('>d', ARGV[2]) .. ARGV[1], 'PX', ARGV[4])
return 1
"""
CLAIM = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local holder, lapses, wanted = unpack(redis.call('HMGET', KEYS[1], 'holder', 'lapses', 'wanted'))
local seconds = tonumber(ARGV[2])
local held = lapses and tonumber(lapses) > now and tonumber(lapses) <= now + seconds
local granted = not holder or holder == ARGV[1] or (wanted and not held)
if not granted and held then return 0 end
if granted then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'lapses', now + seconds)
else
  redis.call('HSET', KEYS[1], 'lapses', now + ARGV[3], 'wanted', 1)
end
redis.call('PEXPIRE', KEYS[1], seconds + 60000)
return granted and 1 or 0
"""
RELEASE = "if redis.call('HGET', KEYS[1], 'holder') == ARGV[1] then redis.call('DEL', KEYS[1]) end"
SWAP = """
for i, key in ipairs(KEYS) do
  if (redis.call('GET', key) or '') ~= ARGV[3 * i - 2] then return 0 end
end
for i, key in ipairs(KEYS) do
  redis.call('SET', key, ARGV[3 * i - 1], 'PX', ARGV[3 * i])
end
return 1
"""
