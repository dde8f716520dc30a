-- A Happy database (spec/sync.md §6) with one of everything that is taken over, and something wrong.
CREATE TYPE "RelationshipStatus" AS ENUM ('none', 'requested', 'pending', 'friend', 'rejected');
CREATE TABLE "GithubUser" (id text PRIMARY KEY, profile jsonb NOT NULL, token bytea,
    "createdAt" timestamp(3) NOT NULL DEFAULT now(), "updatedAt" timestamp(3) NOT NULL DEFAULT now());
CREATE TABLE "Account" (id text PRIMARY KEY, "publicKey" text NOT NULL UNIQUE, seq int NOT NULL DEFAULT 0,
    "feedSeq" bigint NOT NULL DEFAULT 0, settings text, "settingsVersion" int NOT NULL DEFAULT 0,
    "githubUserId" text UNIQUE REFERENCES "GithubUser", "firstName" text, "lastName" text, username text UNIQUE,
    avatar jsonb, "createdAt" timestamp(3) NOT NULL DEFAULT now(), "updatedAt" timestamp(3) NOT NULL DEFAULT now());
CREATE TABLE "TerminalAuthRequest" (id text PRIMARY KEY, "publicKey" text NOT NULL UNIQUE,
    "supportsV2" boolean NOT NULL DEFAULT false, response text, "responseAccountId" text REFERENCES "Account",
    "createdAt" timestamp(3) NOT NULL DEFAULT now(), "updatedAt" timestamp(3) NOT NULL DEFAULT now());
CREATE TABLE "AccountPushToken" (id text PRIMARY KEY, "accountId" text NOT NULL REFERENCES "Account", token text NOT NULL,
    "createdAt" timestamp(3) NOT NULL DEFAULT now(), "updatedAt" timestamp(3) NOT NULL DEFAULT now());
CREATE TABLE "Session" (id text PRIMARY KEY, tag text NOT NULL, "accountId" text NOT NULL REFERENCES "Account",
    metadata text NOT NULL, "metadataVersion" int NOT NULL DEFAULT 0, "agentState" text,
    "agentStateVersion" int NOT NULL DEFAULT 0, "dataEncryptionKey" bytea, seq int NOT NULL DEFAULT 0,
    active boolean NOT NULL DEFAULT true, "lastActiveAt" timestamp(3) NOT NULL DEFAULT now(),
    "createdAt" timestamp(3) NOT NULL DEFAULT now(), "updatedAt" timestamp(3) NOT NULL DEFAULT now());
CREATE TABLE "SessionMessage" (id text PRIMARY KEY, "sessionId" text NOT NULL REFERENCES "Session", "localId" text,
    seq int NOT NULL, content jsonb NOT NULL,
    "createdAt" timestamp(3) NOT NULL DEFAULT now(), "updatedAt" timestamp(3) NOT NULL DEFAULT now());
CREATE TABLE "Machine" (id text PRIMARY KEY, "accountId" text NOT NULL REFERENCES "Account", metadata text NOT NULL,
    "metadataVersion" int NOT NULL DEFAULT 0, "daemonState" text, "daemonStateVersion" int NOT NULL DEFAULT 0,
    "dataEncryptionKey" bytea, seq int NOT NULL DEFAULT 0, active boolean NOT NULL DEFAULT true,
    "lastActiveAt" timestamp(3) NOT NULL DEFAULT now(),
    "createdAt" timestamp(3) NOT NULL DEFAULT now(), "updatedAt" timestamp(3) NOT NULL DEFAULT now());
CREATE TABLE "AccessKey" (id text PRIMARY KEY, "accountId" text NOT NULL REFERENCES "Account",
    "machineId" text NOT NULL REFERENCES "Machine", "sessionId" text NOT NULL REFERENCES "Session", data text NOT NULL,
    "dataVersion" int NOT NULL DEFAULT 0,
    "createdAt" timestamp(3) NOT NULL DEFAULT now(), "updatedAt" timestamp(3) NOT NULL DEFAULT now());
CREATE TABLE "UserKVStore" (id text PRIMARY KEY, "accountId" text NOT NULL REFERENCES "Account", key text NOT NULL,
    value bytea, version int NOT NULL DEFAULT 0,
    "createdAt" timestamp(3) NOT NULL DEFAULT now(), "updatedAt" timestamp(3) NOT NULL DEFAULT now());
CREATE TABLE "UserRelationship" ("fromUserId" text NOT NULL REFERENCES "Account", "toUserId" text NOT NULL REFERENCES "Account",
    status "RelationshipStatus" NOT NULL DEFAULT 'pending', "acceptedAt" timestamp(3), "lastNotifiedAt" timestamp(3),
    "createdAt" timestamp(3) NOT NULL DEFAULT now(), "updatedAt" timestamp(3) NOT NULL DEFAULT now(),
    PRIMARY KEY ("fromUserId", "toUserId"));
CREATE TABLE "ServiceAccountToken" (id text PRIMARY KEY, "accountId" text NOT NULL REFERENCES "Account", vendor text NOT NULL,
    token bytea NOT NULL, metadata jsonb, "lastUsedAt" timestamp(3),
    "createdAt" timestamp(3) NOT NULL DEFAULT now(), "updatedAt" timestamp(3) NOT NULL DEFAULT now());

INSERT INTO "GithubUser" (id, profile) VALUES ('77', '{"id": 77, "login": "ann", "name": "Änn \n B"}');
INSERT INTO "Account" (id, "publicKey", seq, settings, "settingsVersion", "githubUserId", username, "firstName") VALUES
    ('u1', repeat('AB', 32), 40, 'set', 3, '77', 'ann', 'Änn'), ('u2', repeat('CD', 32), 0, NULL, 0, NULL, NULL, NULL),
    ('u3', 'no key', 0, NULL, 0, NULL, NULL, NULL);
UPDATE "Account" SET avatar = jsonb_build_object('path', 'public/users/' || id || '/avatars/github_x.png', 'width', 1, 'height', 1,
    'thumbhash', 'AA==') WHERE id IN ('u1', 'u2');
INSERT INTO "TerminalAuthRequest" (id, "publicKey") VALUES ('t1', 'AA');
INSERT INTO "AccountPushToken" (id, "accountId", token) VALUES ('p1', 'u1', 'device');
INSERT INTO "Session" (id, tag, "accountId", metadata, seq, "dataEncryptionKey") VALUES
    ('s1', 'one', 'u1', E'opaque\n\\"text', 700, '\x00ff'), ('s3', 'three', 'u3', 'of an account that does not come', 1, NULL);
INSERT INTO "SessionMessage" (id, "sessionId", "localId", seq, content)
    SELECT 'g' || n, 's1', 'l' || n, n, jsonb_build_object('t', 'encrypted', 'c', 'content ' || n) FROM generate_series(1, 700) n;
INSERT INTO "SessionMessage" (id, "sessionId", seq, content) VALUES ('g-of-s3', 's3', 1, '{"t": "encrypted", "c": "x"}');
INSERT INTO "Machine" (id, "accountId", metadata) VALUES ('m1', 'u1', 'opaque');
INSERT INTO "AccessKey" (id, "accountId", "machineId", "sessionId", data) VALUES ('k1', 'u1', 'm1', 's1', 'access');
INSERT INTO "UserKVStore" (id, "accountId", key, value, version) VALUES ('v1', 'u1', 'k', '\x01', 4);
INSERT INTO "UserRelationship" ("fromUserId", "toUserId", status) VALUES ('u1', 'u2', 'friend'), ('u2', 'u1', 'friend');
INSERT INTO "ServiceAccountToken" (id, "accountId", vendor, token)
    VALUES ('a1', 'u1', 'openai', '\x00070707070707070707070707a3c93404ebce421762726ea0f9b7c2116192b37cdf1c28');
