//! What people write.

mod content;
mod create;
mod delete;
mod edit;
mod links;
mod load;
mod pictures;
mod remote;
mod routes;
mod thread;
pub(crate) mod view;

pub use content::{NewContent, check};
pub use create::{Created, NewThought, create};
pub use delete::{Deleted, delete};
pub use edit::{Edited, edit, touch};
pub(crate) use links::{put_mention, put_mentions};
pub use load::{Attachment, Mention, Thought, load, visible};
pub use remote::{RemoteAttachment, RemoteThought, Stored, by_address, store};
pub(crate) use thread::link_children;
pub use thread::{above, below, thread};

pub(crate) use routes::routes;

use store::Conn;

use crate::{Error, Id, Visibility};

/// A thought as a row, for those who change it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the columns of social_thoughts, which the migration explains")]
pub struct Row {
    pub id: Id,
    pub uuid: String,
    pub author: Id,
    pub thread: Id,
    pub in_reply_to: Option<Id>,
    pub ap_id: Option<String>,
    pub visibility: Visibility,
    pub is_local: bool,
    pub created_at: i64,
    pub updated_at: Option<i64>,
}

/// The row of a thought, whoever may see it.
pub fn row(conn: &mut Conn<'_>, id: Id) -> Result<Option<Row>, Error> {
    let sql = "SELECT id, uuid, user_id, thread_id, in_reply_to_id, ap_id, visibility, local, created_at, updated_at
               FROM social_thoughts WHERE id = $1";
    conn.query_opt(sql, &[id.into()], |row| {
        Ok(Row {
            id: Id(row.int(0)?),
            uuid: row.string(1)?,
            author: Id(row.int(2)?),
            thread: Id(row.int(3)?),
            in_reply_to: row.opt_int(4)?.map(Id),
            ap_id: row.opt_text(5)?.map(str::to_owned),
            visibility: Visibility::stored(row.text(6)?)?,
            is_local: row.bool(7)?,
            created_at: row.int(8)?,
            updated_at: row.opt_int(9)?,
        })
    })
}
