//! Whether an index holds what the network does.

use std::collections::BTreeMap;
use std::path::Path;

use testkit::sim::Expected;

use crate::verify;

/// How the visible records of an index differ, by URI and CID, from those it must hold; `None` if they do not.
pub(crate) fn differences(
    index: &Path,
    expected: &BTreeMap<String, Expected>,
) -> anyhow::Result<Option<String>> {
    let index = verify::open(index)?;
    let mut statement = index.prepare(
        "SELECT 'at://' || repos.did || '/' || collections.nsid || '/' || r.rkey, r.cid
         FROM record_rows r
         JOIN repos ON repos.id = r.repo_id
         JOIN collections ON collections.id = r.collection_id
         WHERE r.record IS NOT NULL AND r.visible = 1",
    )?;
    let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let found: BTreeMap<String, String> = found.collect::<Result<_, _>>()?;
    let missing = expected.keys().filter(|uri| !found.contains_key(*uri)).count();
    let extra = found.keys().filter(|uri| !expected.contains_key(*uri)).count();
    let is_stale =
        |(uri, cid): &(&String, &String)| expected.get(*uri).is_some_and(|right| right.cid != **cid);
    let stale = found.iter().filter(is_stale).count();
    Ok((missing + extra + stale > 0).then(|| format!("{missing} missing, {extra} extra, {stale} stale")))
}
