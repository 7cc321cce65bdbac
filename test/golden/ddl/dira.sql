-- pre-data; needs-privilege: Creating the extension vector needs a superuser, unless it is there already or the server trusts it.
CREATE EXTENSION IF NOT EXISTS "vector" WITH SCHEMA "public";

-- pre-data
CREATE TABLE "public"."organisations" (
  "id" uuid DEFAULT gen_random_uuid() NOT NULL,
  "name" text NOT NULL,
  "type" text,
  "contact_email" text,
  "contact_api" text,
  "facilities" jsonb DEFAULT '[]',
  "root_id" uuid,
  "access" jsonb,
  "created_at" timestamptz DEFAULT now() NOT NULL
);

-- pre-data
CREATE TABLE "public"."facilities" (
  "id" uuid DEFAULT gen_random_uuid() NOT NULL,
  "name" text NOT NULL,
  "location" text,
  "organisation_id" uuid,
  "root_id" uuid,
  "access" jsonb,
  "created_at" timestamptz DEFAULT now() NOT NULL
);

-- pre-data
CREATE TABLE "public"."reporters" (
  "id" uuid DEFAULT gen_random_uuid() NOT NULL,
  "name" text,
  "email" text,
  "is_anonymous" boolean DEFAULT false NOT NULL,
  "root_id" uuid,
  "access" jsonb,
  "created_at" timestamptz DEFAULT now() NOT NULL
);

-- pre-data; lossy: Values of embedding are rounded to fit vector(384).
CREATE TABLE "public"."reports" (
  "id" uuid DEFAULT gen_random_uuid() NOT NULL,
  "title" text NOT NULL,
  "description" text,
  "category" text,
  "urgency" text,
  "entities" jsonb,
  "confidence" double precision,
  "status" text DEFAULT 'submitted' NOT NULL,
  "submitted_at" timestamptz,
  "reporter_id" uuid,
  "image_data" text,
  "analysis_result" text,
  "embedding" "public"."vector"(384),
  "root_id" uuid,
  "access" jsonb,
  "created_at" timestamptz DEFAULT now() NOT NULL
);

-- pre-data
CREATE TABLE "public"."report_routes" (
  "id" uuid DEFAULT gen_random_uuid() NOT NULL,
  "report_id" uuid NOT NULL,
  "organisation_id" uuid NOT NULL,
  "message" text,
  "sent_at" timestamptz,
  "status" text,
  "position" integer,
  "created_at" timestamptz DEFAULT now() NOT NULL
);

-- pre-data
CREATE TABLE "public"."related_reports" (
  "id" uuid DEFAULT gen_random_uuid() NOT NULL,
  "report_id" uuid NOT NULL,
  "related_report_id" uuid NOT NULL,
  "similarity_score" double precision,
  "relationship_type" text,
  "created_at" timestamptz DEFAULT now() NOT NULL,
  CONSTRAINT "related_reports_not_itself" CHECK (report_id <> related_report_id)
);

-- post-data
ALTER TABLE "public"."organisations" ADD CONSTRAINT "organisations_pkey" PRIMARY KEY ("id");

-- post-data
ALTER TABLE "public"."facilities" ADD CONSTRAINT "facilities_pkey" PRIMARY KEY ("id");

-- post-data
ALTER TABLE "public"."reporters" ADD CONSTRAINT "reporters_pkey" PRIMARY KEY ("id");

-- post-data
ALTER TABLE "public"."reports" ADD CONSTRAINT "reports_pkey" PRIMARY KEY ("id");

-- post-data
ALTER TABLE "public"."report_routes" ADD CONSTRAINT "report_routes_pkey" PRIMARY KEY ("id");

-- post-data
ALTER TABLE "public"."related_reports" ADD CONSTRAINT "related_reports_pkey" PRIMARY KEY ("id");

-- post-data
ALTER TABLE "public"."related_reports" ADD CONSTRAINT "related_reports_report_id_related_report_id_key" UNIQUE ("report_id", "related_report_id");

-- post-data
CREATE INDEX "facilities_organisation_id_idx" ON "public"."facilities" USING btree ("organisation_id");

-- post-data
CREATE INDEX "reports_status_idx" ON "public"."reports" USING btree ("status");

-- post-data
CREATE INDEX "reports_category_idx" ON "public"."reports" USING btree ("category");

-- post-data
CREATE INDEX "reports_submitted_at_idx" ON "public"."reports" USING btree ("submitted_at" DESC);

-- post-data
CREATE INDEX "reports_reporter_id_idx" ON "public"."reports" USING btree ("reporter_id");

-- post-data
CREATE INDEX "report_routes_report_id_idx" ON "public"."report_routes" USING btree ("report_id");

-- post-data
CREATE INDEX "report_routes_organisation_id_idx" ON "public"."report_routes" USING btree ("organisation_id");

-- post-data
INSERT INTO "public"."organisations" ("id", "name", "type", "contact_email") VALUES ('6f1c1c0e-52e2-4a53-9d2c-0d0b7a1f0001', 'City Works', 'municipality', 'works@city.example') ON CONFLICT DO NOTHING;

-- post-data
INSERT INTO "public"."organisations" ("id", "name", "type", "facilities") VALUES ('6f1c1c0e-52e2-4a53-9d2c-0d0b7a1f0002', 'Water Board', 'utility', '["North plant"]') ON CONFLICT DO NOTHING;

-- post-data
INSERT INTO "public"."reports" ("id", "title", "category") VALUES ('6f1c1c0e-52e2-4a53-9d2c-0d0b7a1f0101', 'Test report: broken street light', 'lighting') ON CONFLICT DO NOTHING;

-- post-data; index-build: Building reports_embedding_idx (hnsw) takes long on many rows and wants maintenance_work_mem.
CREATE INDEX "reports_embedding_idx" ON "public"."reports" USING hnsw ("embedding" "public"."vector_cosine_ops") WITH ("m" = 16, "ef_construction" = 64);

-- post-data
ALTER TABLE "public"."facilities" ADD CONSTRAINT "facilities_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations" ("id") ON DELETE CASCADE NOT VALID;

-- post-data
ALTER TABLE "public"."reports" ADD CONSTRAINT "reports_reporter_id_fkey" FOREIGN KEY ("reporter_id") REFERENCES "public"."reporters" ("id") NOT VALID;

-- post-data
ALTER TABLE "public"."report_routes" ADD CONSTRAINT "report_routes_report_id_fkey" FOREIGN KEY ("report_id") REFERENCES "public"."reports" ("id") ON DELETE CASCADE NOT VALID;

-- post-data
ALTER TABLE "public"."report_routes" ADD CONSTRAINT "report_routes_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations" ("id") ON DELETE CASCADE NOT VALID;

-- post-data
ALTER TABLE "public"."related_reports" ADD CONSTRAINT "related_reports_report_id_fkey" FOREIGN KEY ("report_id") REFERENCES "public"."reports" ("id") ON DELETE CASCADE NOT VALID;

-- post-data
ALTER TABLE "public"."related_reports" ADD CONSTRAINT "related_reports_related_report_id_fkey" FOREIGN KEY ("related_report_id") REFERENCES "public"."reports" ("id") ON DELETE CASCADE NOT VALID;

-- post-data; not-enforced: facilities_organisation_id_fkey stays NOT VALID when rows of public.facilities have no parent in public.organisations.
ALTER TABLE "public"."facilities" VALIDATE CONSTRAINT "facilities_organisation_id_fkey";

-- post-data; not-enforced: reports_reporter_id_fkey stays NOT VALID when rows of public.reports have no parent in public.reporters.
ALTER TABLE "public"."reports" VALIDATE CONSTRAINT "reports_reporter_id_fkey";

-- post-data
ALTER TABLE "public"."report_routes" VALIDATE CONSTRAINT "report_routes_report_id_fkey";

-- post-data
ALTER TABLE "public"."report_routes" VALIDATE CONSTRAINT "report_routes_organisation_id_fkey";

-- post-data; not-enforced: related_reports_report_id_fkey stays NOT VALID when rows of public.related_reports have no parent in public.reports.
ALTER TABLE "public"."related_reports" VALIDATE CONSTRAINT "related_reports_report_id_fkey";

-- post-data; not-enforced: related_reports_related_report_id_fkey stays NOT VALID when rows of public.related_reports have no parent in public.reports.
ALTER TABLE "public"."related_reports" VALIDATE CONSTRAINT "related_reports_related_report_id_fkey";
