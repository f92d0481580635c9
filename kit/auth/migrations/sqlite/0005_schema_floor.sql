-- The oldest migration that a running version must know: ../README.md says who raises it.
CREATE TABLE schema_floor (migration INTEGER NOT NULL) STRICT;
INSERT INTO schema_floor (migration) VALUES (1);
