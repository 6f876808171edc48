-- Lists read the active sessions of a subject, and sessions that have ended or expired stay for a while. They lie apart in this
-- index, so that a list does not get slower with every sign-in of the last days.
DROP INDEX sessions_by_subject;
CREATE INDEX sessions_by_subject ON sessions (project_id, subject_id, ended_at, expires_at);
