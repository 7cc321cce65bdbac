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
);

-- pre-data
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

-- pre-data
CREATE TABLE "public"."conversation_topics" (
  "conversation_id" bigint NOT NULL,
  "topic_id" bigint NOT NULL,
  "relevance" double precision
);

-- pre-data; lossy: Values of valid_from are rounded to fit timestamp.
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
ALTER TABLE "public"."conversations" ADD CONSTRAINT "conversations_pkey" PRIMARY KEY ("id");

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

-- post-data; index-build: Building messages_embedding_idx (ivfflat) takes long on many rows and wants maintenance_work_mem. Its lists are sized from the rows when a run builds it.
CREATE INDEX "messages_embedding_idx" ON "public"."messages" USING ivfflat ((subvector(embedding, 1, 1024)::vector(1024)) "public"."vector_cosine_ops");

-- post-data
ALTER TABLE "public"."conversation_partners" ADD CONSTRAINT "conversation_partners_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users" ("id") ON DELETE CASCADE NOT VALID;

-- post-data
ALTER TABLE "public"."conversations" ADD CONSTRAINT "conversations_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "public"."users" ("id") ON DELETE CASCADE NOT VALID;

-- post-data
ALTER TABLE "public"."conversations" ADD CONSTRAINT "conversations_partner_id_fkey" FOREIGN KEY ("partner_id") REFERENCES "public"."conversation_partners" ("id") ON DELETE SET NULL NOT VALID;

-- post-data
ALTER TABLE "public"."messages" ADD CONSTRAINT "messages_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations" ("id") ON DELETE CASCADE NOT VALID;

-- post-data
ALTER TABLE "public"."conversation_topics" ADD CONSTRAINT "conversation_topics_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations" ("id") ON DELETE CASCADE NOT VALID;

-- post-data
ALTER TABLE "public"."conversation_topics" ADD CONSTRAINT "conversation_topics_topic_id_fkey" FOREIGN KEY ("topic_id") REFERENCES "public"."topics" ("id") ON DELETE CASCADE NOT VALID;

-- post-data
ALTER TABLE "public"."extracted_facts" ADD CONSTRAINT "extracted_facts_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations" ("id") ON DELETE CASCADE NOT VALID;

-- post-data
ALTER TABLE "public"."extracted_facts" ADD CONSTRAINT "extracted_facts_partner_id_fkey" FOREIGN KEY ("partner_id") REFERENCES "public"."conversation_partners" ("id") ON DELETE SET NULL NOT VALID;

-- post-data; not-enforced: conversation_partners_user_id_fkey stays NOT VALID when rows of public.conversation_partners have no parent in public.users.
ALTER TABLE "public"."conversation_partners" VALIDATE CONSTRAINT "conversation_partners_user_id_fkey";

-- post-data; not-enforced: conversations_user_id_fkey stays NOT VALID when rows of public.conversations have no parent in public.users.
ALTER TABLE "public"."conversations" VALIDATE CONSTRAINT "conversations_user_id_fkey";

-- post-data; not-enforced: conversations_partner_id_fkey stays NOT VALID when rows of public.conversations have no parent in public.conversation_partners.
ALTER TABLE "public"."conversations" VALIDATE CONSTRAINT "conversations_partner_id_fkey";

-- post-data; not-enforced: messages_conversation_id_fkey stays NOT VALID when rows of public.messages have no parent in public.conversations.
ALTER TABLE "public"."messages" VALIDATE CONSTRAINT "messages_conversation_id_fkey";

-- post-data; not-enforced: conversation_topics_conversation_id_fkey stays NOT VALID when rows of public.conversation_topics have no parent in public.conversations.
ALTER TABLE "public"."conversation_topics" VALIDATE CONSTRAINT "conversation_topics_conversation_id_fkey";

-- post-data; not-enforced: conversation_topics_topic_id_fkey stays NOT VALID when rows of public.conversation_topics have no parent in public.topics.
ALTER TABLE "public"."conversation_topics" VALIDATE CONSTRAINT "conversation_topics_topic_id_fkey";

-- post-data; not-enforced: extracted_facts_conversation_id_fkey stays NOT VALID when rows of public.extracted_facts have no parent in public.conversations.
ALTER TABLE "public"."extracted_facts" VALIDATE CONSTRAINT "extracted_facts_conversation_id_fkey";

-- post-data; not-enforced: extracted_facts_partner_id_fkey stays NOT VALID when rows of public.extracted_facts have no parent in public.conversation_partners.
ALTER TABLE "public"."extracted_facts" VALIDATE CONSTRAINT "extracted_facts_partner_id_fkey";
