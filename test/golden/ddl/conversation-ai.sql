-- pre-data; needs-privilege: Creating the extension vector needs a superuser, unless it is there already or the server trusts it.
CREATE EXTENSION IF NOT EXISTS "vector" WITH SCHEMA "public";

-- pre-data
CREATE TYPE "public"."speaker" AS ENUM ('user', 'partner', 'unknown');

-- pre-data
CREATE SEQUENCE "public"."users_id_seq" INCREMENT BY 1 START WITH 1;

-- pre-data
CREATE SEQUENCE "public"."conversation_partners_id_seq" INCREMENT BY 1 START WITH 1;

-- pre-data
CREATE SEQUENCE "public"."conversations_id_seq" INCREMENT BY 1 START WITH 1;

-- pre-data
CREATE SEQUENCE "public"."messages_id_seq" INCREMENT BY 1 START WITH 1;

-- pre-data
CREATE SEQUENCE "public"."topics_id_seq" INCREMENT BY 1 START WITH 1;

-- pre-data
CREATE SEQUENCE "public"."extracted_facts_id_seq" INCREMENT BY 1 START WITH 1;

-- pre-data
CREATE TABLE "public"."users" (
  "id" bigint DEFAULT (nextval('public.users_id_seq')) NOT NULL,
  "name" text NOT NULL,
  "email" text,
  "created_at" timestamptz DEFAULT now() NOT NULL
);

-- pre-data
CREATE TABLE "public"."conversation_partners" (
  "id" bigint DEFAULT (nextval('public.conversation_partners_id_seq')) NOT NULL,
  "user_id" bigint NOT NULL,
  "name" text NOT NULL,
  "relationship" text,
  "image_embedding" "public"."vector"(4096),
  "created_at" timestamptz DEFAULT now() NOT NULL
);

-- pre-data
CREATE TABLE "public"."conversations" (
  "id" bigint DEFAULT (nextval('public.conversations_id_seq')) NOT NULL,
  "user_id" bigint NOT NULL,
  "partner_id" bigint,
  "title" text,
  "transcript" text,
  "started_at" timestamptz,
  "ended_at" timestamptz,
  "created_at" timestamptz DEFAULT now() NOT NULL,
  "transcript_search" tsvector GENERATED ALWAYS AS (to_tsvector('english'::regconfig, coalesce("title", '') || ' ' || coalesce("transcript", ''))) STORED
) PARTITION BY RANGE ("created_at");

-- pre-data
CREATE TABLE "public"."conversations_2022" PARTITION OF "public"."conversations" FOR VALUES FROM ('2022-01-01 00:00:00+00') TO ('2023-01-01 00:00:00+00');

-- pre-data
CREATE TABLE "public"."conversations_2023" PARTITION OF "public"."conversations" FOR VALUES FROM ('2023-01-01 00:00:00+00') TO ('2024-01-01 00:00:00+00');

-- pre-data
CREATE TABLE "public"."conversations_2024" PARTITION OF "public"."conversations" FOR VALUES FROM ('2024-01-01 00:00:00+00') TO ('2025-01-01 00:00:00+00');

-- pre-data
CREATE TABLE "public"."conversations_default" PARTITION OF "public"."conversations" DEFAULT;

-- pre-data; dropped-key: The foreign key (conversation_id) to public.conversations is not created: that table is partitioned by created_at, and every key of it contains that column. Rows without a parent are listed after the load.
CREATE TABLE "public"."messages" (
  "id" bigint DEFAULT (nextval('public.messages_id_seq')) NOT NULL,
  "conversation_id" bigint NOT NULL,
  "speaker" "public"."speaker" NOT NULL,
  "content" text NOT NULL,
  "embedding" "public"."vector"(4096),
  "created_at" timestamptz DEFAULT now() NOT NULL
);

-- pre-data
CREATE TABLE "public"."topics" (
  "id" bigint DEFAULT (nextval('public.topics_id_seq')) NOT NULL,
  "name" text NOT NULL
);

-- pre-data; dropped-key: The foreign key (conversation_id) to public.conversations is not created: that table is partitioned by created_at, and every key of it contains that column. Rows without a parent are listed after the load.
CREATE TABLE "public"."conversation_topics" (
  "conversation_id" bigint NOT NULL,
  "topic_id" bigint NOT NULL,
  "relevance" double precision
);

-- pre-data; dropped-key: The foreign key (conversation_id) to public.conversations is not created: that table is partitioned by created_at, and every key of it contains that column. Rows without a parent are listed after the load.; lossy: Values of valid_from are rounded to fit timestamp.
CREATE TABLE "public"."extracted_facts" (
  "id" bigint DEFAULT (nextval('public.extracted_facts_id_seq')) NOT NULL,
  "conversation_id" bigint NOT NULL,
  "partner_id" bigint,
  "fact" text NOT NULL,
  "confidence" real,
  "valid_from" timestamp,
  "created_at" timestamptz DEFAULT now() NOT NULL
);

-- pre-data
ALTER SEQUENCE "public"."users_id_seq" OWNED BY "public"."users"."id";

-- pre-data
ALTER SEQUENCE "public"."conversation_partners_id_seq" OWNED BY "public"."conversation_partners"."id";

-- pre-data
ALTER SEQUENCE "public"."conversations_id_seq" OWNED BY "public"."conversations"."id";

-- pre-data
ALTER SEQUENCE "public"."messages_id_seq" OWNED BY "public"."messages"."id";

-- pre-data
ALTER SEQUENCE "public"."topics_id_seq" OWNED BY "public"."topics"."id";

-- pre-data
ALTER SEQUENCE "public"."extracted_facts_id_seq" OWNED BY "public"."extracted_facts"."id";

-- post-data
ALTER TABLE "public"."users" ADD CONSTRAINT "users_pkey" PRIMARY KEY ("id");

-- post-data
ALTER TABLE "public"."conversation_partners" ADD CONSTRAINT "conversation_partners_pkey" PRIMARY KEY ("id");

-- post-data
ALTER TABLE "public"."conversations" ADD CONSTRAINT "conversations_pkey" PRIMARY KEY ("id", "created_at");

-- post-data
ALTER TABLE "public"."messages" ADD CONSTRAINT "messages_pkey" PRIMARY KEY ("id");

-- post-data
ALTER TABLE "public"."topics" ADD CONSTRAINT "topics_pkey" PRIMARY KEY ("id");

-- post-data
ALTER TABLE "public"."conversation_topics" ADD CONSTRAINT "conversation_topics_pkey" PRIMARY KEY ("conversation_id", "topic_id");

-- post-data
ALTER TABLE "public"."extracted_facts" ADD CONSTRAINT "extracted_facts_pkey" PRIMARY KEY ("id");

-- post-data
ALTER TABLE "public"."users" ADD CONSTRAINT "users_email_key" UNIQUE ("email");

-- post-data
ALTER TABLE "public"."topics" ADD CONSTRAINT "topics_name_key" UNIQUE ("name");

-- post-data
CREATE INDEX "users_created_at_idx" ON "public"."users" USING btree ("created_at");

-- post-data
CREATE INDEX "conversation_partners_user_id_idx" ON "public"."conversation_partners" USING btree ("user_id");

-- post-data
CREATE INDEX "conversation_partners_created_at_idx" ON "public"."conversation_partners" USING btree ("created_at");

-- post-data
CREATE INDEX "conversations_user_id_idx" ON "public"."conversations" USING btree ("user_id");

-- post-data
CREATE INDEX "conversations_partner_id_idx" ON "public"."conversations" USING btree ("partner_id");

-- post-data
CREATE INDEX "conversations_created_at_idx" ON "public"."conversations" USING btree ("created_at");

-- post-data
CREATE INDEX "messages_conversation_id_idx" ON "public"."messages" USING btree ("conversation_id");

-- post-data
CREATE INDEX "messages_created_at_idx" ON "public"."messages" USING btree ("created_at");

-- post-data
CREATE INDEX "conversation_topics_topic_id_idx" ON "public"."conversation_topics" USING btree ("topic_id");

-- post-data
CREATE INDEX "extracted_facts_conversation_id_idx" ON "public"."extracted_facts" USING btree ("conversation_id");

-- post-data
CREATE INDEX "extracted_facts_partner_id_idx" ON "public"."extracted_facts" USING btree ("partner_id");

-- post-data
CREATE INDEX "extracted_facts_created_at_idx" ON "public"."extracted_facts" USING btree ("created_at");

-- post-data
CREATE INDEX "conversations_transcript_search_idx" ON "public"."conversations" USING gin ("transcript_search");

-- post-data; index-build: Building messages_embedding_idx (hnsw) takes long on many rows and wants maintenance_work_mem.
CREATE INDEX "messages_embedding_idx" ON "public"."messages" USING hnsw ((binary_quantize(embedding)::bit(4096)) "public"."bit_hamming_ops");

-- post-data
ALTER TABLE "public"."conversation_partners" ADD CONSTRAINT "conversation_partners_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users" ("id") ON DELETE CASCADE NOT VALID;

-- post-data; not-enforced: conversations_user_id_fkey is not created when rows of public.conversations have no parent in public.users.
ALTER TABLE "public"."conversations" ADD CONSTRAINT "conversations_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users" ("id") ON DELETE CASCADE;

-- post-data; not-enforced: conversations_partner_id_fkey is not created when rows of public.conversations have no parent in public.conversation_partners.
ALTER TABLE "public"."conversations" ADD CONSTRAINT "conversations_partner_id_fkey" FOREIGN KEY ("partner_id") REFERENCES "public"."conversation_partners" ("id") ON DELETE SET NULL;

-- post-data
ALTER TABLE "public"."conversation_topics" ADD CONSTRAINT "conversation_topics_topic_id_fkey" FOREIGN KEY ("topic_id") REFERENCES "public"."topics" ("id") ON DELETE CASCADE NOT VALID;

-- post-data
ALTER TABLE "public"."extracted_facts" ADD CONSTRAINT "extracted_facts_partner_id_fkey" FOREIGN KEY ("partner_id") REFERENCES "public"."conversation_partners" ("id") ON DELETE SET NULL NOT VALID;

-- post-data; not-enforced: conversation_partners_user_id_fkey stays NOT VALID when rows of public.conversation_partners have no parent in public.users.
ALTER TABLE "public"."conversation_partners" VALIDATE CONSTRAINT "conversation_partners_user_id_fkey";

-- post-data; not-enforced: conversation_topics_topic_id_fkey stays NOT VALID when rows of public.conversation_topics have no parent in public.topics.
ALTER TABLE "public"."conversation_topics" VALIDATE CONSTRAINT "conversation_topics_topic_id_fkey";

-- post-data; not-enforced: extracted_facts_partner_id_fkey stays NOT VALID when rows of public.extracted_facts have no parent in public.conversation_partners.
ALTER TABLE "public"."extracted_facts" VALIDATE CONSTRAINT "extracted_facts_partner_id_fkey";
