//! Messages of sessions, by far the most of what there is: a batch at a time, in a few statements whatever its size.

mod here;
mod questions;
mod write;

use accounts::Imported;
use accounts::imported::Batch;
use serde::Deserialize;
use store::Conn;

use super::item::Seals;
use super::value::Moment;
use crate::Error;
use crate::wire::{Label, Opaque};
use here::Here;
use write::{insert, raise_numbers};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Message {
    id: Label,
    session_id: Label,
    local_id: Option<Label>,
    seq: i64,
    content: Content,
    created_at: Moment,
}

#[derive(Deserialize)]
struct Content {
    t: Label,
    c: Opaque,
}

/// A message and the number that it gets.
struct Numbered<'m> {
    seq: i64,
    message: &'m Message,
}

impl Batch for Message {
    type Context = Seals;
    type Error = Error;

    fn name(&self) -> String {
        self.id.to_string()
    }

    fn put_all(
        messages: &[Self],
        conn: &mut Conn<'_>,
        _: &Seals,
    ) -> Result<Vec<Result<Imported, String>>, Error> {
        let mut here = Here::load(conn, messages)?;
        let (mut outcomes, mut new) = (Vec::with_capacity(messages.len()), Vec::new());
        for message in messages {
            outcomes.push(match message.refusal().or_else(|| here.refusal(message)) {
                Some(reason) => Err(reason),
                None => Ok(match here.take(conn, message)? {
                    Some(seq) => {
                        new.push(Numbered { seq, message });
                        Imported::Added
                    }
                    None => Imported::Kept,
                }),
            });
        }
        insert(conn, &new)?;
        raise_numbers(conn, here.newest())?;
        Ok(outcomes)
    }
}

impl Message {
    /// Why it cannot be taken over, as far as it says so itself.
    fn refusal(&self) -> Option<String> {
        if &*self.content.t != "encrypted" {
            return Some(format!("it is of an unknown kind, {:?}", &*self.content.t));
        }
        (self.seq < 1).then(|| "its number is not above zero".to_owned())
    }
}
