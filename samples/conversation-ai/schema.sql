-- Conversation AI as its prototype made it. Every id comes from a sequence; times are UTC without saying so.
CREATE SEQUENCE users_id_seq START 1;
CREATE SEQUENCE conversation_partners_id_seq START 1;
CREATE SEQUENCE conversations_id_seq START 1;
CREATE SEQUENCE messages_id_seq START 1;
CREATE SEQUENCE topics_id_seq START 1;
CREATE SEQUENCE extracted_facts_id_seq START 1;

CREATE TYPE speaker AS ENUM ('user', 'partner', 'unknown');

CREATE TABLE users (
  id BIGINT PRIMARY KEY DEFAULT nextval('users_id_seq'),
  name VARCHAR NOT NULL,
  email VARCHAR UNIQUE,
  created_at TIMESTAMP NOT NULL DEFAULT current_timestamp
);

CREATE TABLE conversation_partners (
  id BIGINT PRIMARY KEY DEFAULT nextval('conversation_partners_id_seq'),
  user_id BIGINT NOT NULL REFERENCES users (id),
  name VARCHAR NOT NULL,
  relationship VARCHAR,
  image_embedding FLOAT[],
  created_at TIMESTAMP NOT NULL DEFAULT current_timestamp
);

-- No foreign keys: DuckDB refuses to update or delete rows that others refer to, so the prototype took them off where rows change.
CREATE TABLE conversations (
  id BIGINT PRIMARY KEY DEFAULT nextval('conversations_id_seq'),
  user_id BIGINT NOT NULL,
  partner_id BIGINT,
  title VARCHAR,
  transcript VARCHAR,
  started_at TIMESTAMP,
  ended_at TIMESTAMP,
  created_at TIMESTAMP NOT NULL DEFAULT current_timestamp
);

CREATE TABLE messages (
  id BIGINT PRIMARY KEY DEFAULT nextval('messages_id_seq'),
  conversation_id BIGINT NOT NULL,
  speaker speaker NOT NULL,
  content VARCHAR NOT NULL,
  embedding FLOAT[],
  created_at TIMESTAMP NOT NULL DEFAULT current_timestamp
);

CREATE TABLE topics (
  id BIGINT PRIMARY KEY DEFAULT nextval('topics_id_seq'),
  name VARCHAR NOT NULL UNIQUE
);

CREATE TABLE conversation_topics (
  conversation_id BIGINT NOT NULL,
  topic_id BIGINT NOT NULL,
  relevance DOUBLE,
  PRIMARY KEY (conversation_id, topic_id)
);

CREATE TABLE extracted_facts (
  id BIGINT PRIMARY KEY DEFAULT nextval('extracted_facts_id_seq'),
  conversation_id BIGINT NOT NULL,
  partner_id BIGINT,
  fact VARCHAR NOT NULL,
  confidence FLOAT,
  valid_from TIMESTAMP_NS,
  created_at TIMESTAMP NOT NULL DEFAULT current_timestamp
);

CREATE INDEX conversations_created_at ON conversations (created_at);
CREATE INDEX messages_conversation_id ON messages (conversation_id);
