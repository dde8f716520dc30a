-- 1: the record may not name all that the manifest does; its bytes have not been read for that yet.
ALTER TABLE registry_manifests ADD COLUMN cut INTEGER NOT NULL DEFAULT 0;
CREATE INDEX registry_manifests_cut ON registry_manifests (did, repository) WHERE cut = 1;
UPDATE registry_manifests SET cut = 1 WHERE EXISTS (
    SELECT 1 FROM registry_parts p WHERE p.record_id = registry_manifests.record_id AND p.position = 499
);
