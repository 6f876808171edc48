DROP INDEX sessions_by_subject;
