//! What is shown of somebody's avatar.

use serde::{Deserialize, Serialize};

use super::Picture;
use super::kind::Kind;
use crate::wire::Base;

/// `{path, width, height, thumbhash, url}` (spec/sync.md §2.7). A row has it without the URL.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Avatar {
    pub(super) path: String,
    width: u32,
    height: u32,
    thumbhash: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl Avatar {
    pub(super) fn new(path: &str, picture: &Picture) -> Self {
        let Picture { width, height, ref thumbhash, .. } = *picture;
        Self { path: path.to_owned(), width, height, thumbhash: thumbhash.clone(), url: None }
    }

    /// As it is in a row.
    pub(crate) fn of_column(json: Option<&str>) -> Option<Self> {
        json.and_then(|json| serde_json::from_str(json).ok())
    }

    /// The same for whoever reaches this server at `base`.
    pub(crate) fn at(self, base: &Base) -> Self {
        let url = Some(format!("{base}/files/{}", self.path));
        Self { url, ..self }
    }
}

/// Where the avatars of an account are.
fn folder(account: &str) -> String {
    format!("public/users/{account}/avatars/")
}

/// A path that nobody can guess, for a picture that GitHub has.
pub(super) fn new_path(account: &str, kind: Kind) -> String {
    use crate::id::event_id;
    format!("{}github_{}{}.{}", folder(account), event_id(), event_id(), kind.extension())
}

/// Whether it can be the path of an avatar of this account that is such a picture.
pub(crate) fn is_path(path: &str, account: &str, picture: &Picture) -> bool {
    let name = path.strip_prefix(&folder(account)).and_then(|name| name.split_once('.'));
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
    name.is_some_and(|(name, extension)| {
        let is_name = (1..=60).contains(&name.len()) && name.bytes().all(is_plain);
        is_name && extension == picture.kind.extension()
    })
}

/// Whose avatar is at a path, if one can be there.
pub(super) fn account_of(path: &str) -> Option<&str> {
    path.strip_prefix("public/users/")?.split_once("/avatars/").map(|(account, _)| account)
}
