-- Why the last attempt to deliver a message failed, in the words of the other side, without addresses and secrets.
ALTER TABLE messages ADD COLUMN delivery_error TEXT;
