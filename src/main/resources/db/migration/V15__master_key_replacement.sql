-- sealed_token is what a session's token is told from: random, and wrapped under the master key. Sessions from before have none;
-- theirs are computed from the id, and end with the master key.
ALTER TABLE sessions ADD COLUMN sealed_token BYTEA;
-- key_id is the id of the master key under which code_hash lies; a code of a program before has none.
ALTER TABLE codes ADD COLUMN key_id TEXT;
