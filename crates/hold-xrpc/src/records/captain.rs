//! To whom the hold belongs.

use hold::{Captain, CrewMember, Permission};
use serde_json::{Value, json};

use super::{Record, record};
use crate::time::written;

/// What is configured. `deployed_at` is when the hold was first published.
pub(crate) fn captain(captain: &Captain, deployed_at: &str) -> Record {
    let mut fields = record(json!({
        "owner": captain.owner, "public": captain.is_public, "allowAllCrew": captain.allow_all_crew,
        "enableBlueskyPosts": false, "deployedAt": deployed_at,
    }));
    if let Some(region) = &captain.region {
        fields.insert("region".to_owned(), region.as_str().into());
    }
    fields
}

/// Whether a record that is there says what is configured; when it was first published, if it says so.
pub(crate) fn is_same_captain(there: &Value, captain: &Captain) -> (bool, Option<String>) {
    let deployed_at = there["deployedAt"].as_str().map(str::to_owned);
    let mut expected = Value::Object(self::captain(captain, deployed_at.as_deref().unwrap_or_default()));
    expected["$type"] = there["$type"].clone();
    (expected == *there, deployed_at)
}

/// The captain as one of the crew, who may everything.
pub(crate) fn owner(captain: &Captain, since: &str) -> Record {
    let permissions = vec![Permission::Read, Permission::Write, Permission::Admin];
    let member = CrewMember::new(captain.owner.clone(), "owner", permissions);
    let mut fields = super::crew(&member);
    let since = if since.is_empty() { written(member.added_at) } else { since.to_owned() };
    fields.insert("addedAt".to_owned(), since.into());
    fields
}
