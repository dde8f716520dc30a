//! The body of the update that is sent most: a new message (spec/sync.md §4.2).

use serde::Serialize;

/// `new-message`, written without building a tree.
#[derive(Serialize)]
#[serde(tag = "t", rename = "new-message")]
pub(crate) struct MessageBody<'a> {
    sid: &'a str,
    message: Message<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Message<'a> {
    id: &'a str,
    seq: i64,
    content: Content<'a>,
    local_id: Option<&'a str>,
    created_at: i64,
    updated_at: i64,
}

/// What only clients can read.
#[derive(Serialize)]
#[serde(tag = "t", rename = "encrypted")]
pub(crate) struct Content<'a> {
    c: &'a str,
}

impl<'a> MessageBody<'a> {
    /// `created_at` in milliseconds.
    pub(crate) fn new(
        session: &'a str,
        id: &'a str,
        seq: i64,
        local_id: Option<&'a str>,
        content: &'a str,
        created_at: i64,
    ) -> Self {
        let content = Content { c: content };
        Self {
            sid: session,
            message: Message { id, seq, content, local_id, created_at, updated_at: created_at },
        }
    }
}
