-- The prototype's schema as it grew: loose types, foreign keys that were never enforced, times in three notations.
CREATE TABLE memory_entities (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  org_id TEXT NOT NULL,
  text TEXT,
  metadata TEXT,
  embedding BLOB,
  created_at DATETIME DEFAULT CURRENT_TIMESTAMP,
  updated_at DATETIME
);

CREATE TABLE memory_relations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source_id INTEGER NOT NULL,
  target_id INTEGER,
  relation_type TEXT,
  strength REAL DEFAULT 1.0,
  FOREIGN KEY (source_id) REFERENCES memory_entities(id) ON DELETE CASCADE
);

CREATE TABLE memory_tags (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entity_id INTEGER NOT NULL REFERENCES memory_entities ON DELETE CASCADE,
  tag TEXT NOT NULL
);

CREATE TABLE raw_documents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  org_id TEXT NOT NULL,
  title TEXT,
  content TEXT,
  source TEXT,
  ingested_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE structured_facts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  org_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  predicate TEXT NOT NULL,
  object TEXT,
  doc_id INTEGER
);

CREATE TABLE evolution_kpis (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  decision_id INTEGER,
  kpi_name TEXT NOT NULL,
  expected_value REAL,
  actual_value REAL,
  measured_at DATETIME DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE decisions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  org_id TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT,
  made_at DATETIME
);

CREATE TABLE pal_focus_windows (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id TEXT NOT NULL,
  start_time DATETIME NOT NULL,
  end_time DATETIME,
  priority TEXT
);

-- measured_at was written by another service: seconds since 1970.
CREATE TABLE pal_stress_levels (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id TEXT NOT NULL,
  level INTEGER,
  measured_at TIMESTAMP
);

CREATE INDEX idx_entities_org ON memory_entities(org_id);
CREATE INDEX idx_relations_source ON memory_relations(source_id);
CREATE INDEX idx_tags_entity ON memory_tags(entity_id);
