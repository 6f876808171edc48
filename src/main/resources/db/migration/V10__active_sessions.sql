-- Lists read the active sessions of a subject, and sessions that have ended or expired stay for a while. They lie apart in this
-- index, so that a list does not get slower with every sign-in of the last days. It takes the place of sessions_by_subject, which
-- goes in a transaction of its own: its lock would keep every reader waiting for as long as this one is made.
CREATE INDEX sessions_of_subject ON sessions (project_id, subject_id, ended_at, expires_at);
