//! The hold's records (spec/registry.md §3.2): what each row says, in the words of the lexicons.

mod captain;

pub(crate) use captain::{captain, is_same_captain, owner};

use hold::{Counts, CrewMember, HeldLayer};
use serde_json::{Map, Value, json};

use crate::time::written;

/// A record without its `$type`, which is its collection.
pub(crate) type Record = Map<String, Value>;

/// Bytes of a media type; what is longer, or no text for headers, is not worth repeating.
const LONGEST_TYPE: usize = 128;

fn record(value: Value) -> Record {
    match value {
        Value::Object(fields) => fields,
        _ => Record::new(),
    }
}

/// Somebody of the crew.
pub(crate) fn crew(member: &CrewMember) -> Record {
    let permissions: Vec<_> = member.permissions.iter().map(|permission| permission.name()).collect();
    let mut fields = record(json!({
        "member": member.member, "role": member.role, "permissions": permissions,
        "addedAt": written(member.added_at),
    }));
    if let Some(tier) = &member.tier {
        fields.insert("tier".to_owned(), tier.as_str().into());
    }
    fields
}

/// A blob that an image needs. Its manifest's record is named after the digest.
pub(crate) fn layer(layer: &HeldLayer) -> Record {
    let hex = layer.manifest.split_once(':').map_or(layer.manifest.as_str(), |(_, hex)| hex);
    let is_type = layer.media_type.len() <= LONGEST_TYPE
        && !layer.media_type.is_empty()
        && layer.media_type.bytes().all(|byte| byte.is_ascii_graphic());
    let media_type = if is_type { layer.media_type.as_str() } else { "application/octet-stream" };
    record(json!({
        "digest": layer.digest, "size": layer.size, "mediaType": media_type,
        "manifest": format!("at://{}/io.atcr.manifest/{hex}", layer.owner),
        "userDid": layer.owner, "repository": layer.repository, "createdAt": written(layer.created_at),
    }))
}

/// How often a repository is pulled and pushed, as of a moment.
pub(crate) fn stats((owner, repository, counts): &Counts, updated_at: Option<i64>) -> Record {
    let mut fields = record(json!({
        "ownerDid": owner, "repository": repository, "pullCount": counts.pulls, "pushCount": counts.pushes,
        "updatedAt": written(updated_at.unwrap_or_default()),
    }));
    for (name, time) in [("lastPull", counts.last_pull), ("lastPush", counts.last_push)] {
        if let Some(time) = time {
            fields.insert(name.to_owned(), written(time).into());
        }
    }
    fields
}
