//! What a reader wants of a feed.

use serde::Deserialize;

/// All false: everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a parameter of its own")]
pub struct Wanted {
    /// Without replies.
    pub originals_only: bool,
    /// Only replies.
    pub replies_only: bool,
    /// Only what was written here.
    pub local_only: bool,
    /// Without what is marked as sensitive.
    pub hide_sensitive: bool,
    /// Without what is there because somebody boosted it.
    pub hide_boosts: bool,
    /// Only with pictures.
    #[serde(skip)]
    pub pictures_only: bool,
}

impl Wanted {
    /// Conditions on the thought `t`.
    pub(super) fn condition(self) -> String {
        let conditions = [
            (self.originals_only, "t.in_reply_to_url IS NULL"),
            (self.replies_only, "t.in_reply_to_url IS NOT NULL"),
            (self.local_only, "t.local = 1"),
            (self.hide_sensitive, "t.sensitive = 0"),
            (self.pictures_only, "EXISTS (SELECT 1 FROM social_attachments p WHERE p.thought_id = t.id)"),
        ];
        let wanted: Vec<&str> =
            conditions.into_iter().filter_map(|(is_wanted, sql)| is_wanted.then_some(sql)).collect();
        if wanted.is_empty() { "t.id > 0".to_owned() } else { wanted.join(" AND ") }
    }
}
