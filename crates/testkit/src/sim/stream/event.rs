//! What happened, as subscribers read it.

use std::fmt::Write;

use atproto::Nsid;
use serde_json::json;

use crate::sim::clock::rfc3339;
use crate::sim::repository::Content;

/// Something that happens to an account.
pub(crate) enum Happening {
    /// A record was written (`content`) or deleted.
    Record { rev: String, operation: &'static str, collection: Nsid, rkey: String, content: Option<Content> },
    /// Its document changed.
    Identity { handle: String },
    /// It is served again, or no longer: then there is a status.
    Account { status: Option<&'static str> },
}

/// An event of the stream.
pub(super) struct Event {
    pub(super) time_us: i64,
    pub(super) did: String,
    /// Of commits.
    pub(super) collection: Option<Nsid>,
    pub(super) text: String,
}

impl Event {
    pub(super) fn new(did: &str, time_us: i64, seq: i64, happening: Happening) -> Self {
        let mut text = format!(r#"{{"did":"{did}","time_us":{time_us},"kind":"#);
        let mut of = None;
        match happening {
            Happening::Record { rev, operation, collection, rkey, content } => {
                write!(
                    text,
                    r#""commit","commit":{{"rev":"{rev}","operation":"{operation}","collection":"{collection}","rkey":"{rkey}""#
                )
                .expect("a string can be written to");
                if let Some(content) = content {
                    write!(text, r#","record":{},"cid":"{}""#, content.json, content.cid)
                        .expect("a string can be written to");
                }
                text.push('}');
                of = Some(collection);
            }
            Happening::Identity { handle } => {
                let identity = json!({ "did": did, "handle": handle, "seq": seq, "time": rfc3339(time_us) });
                write!(text, r#""identity","identity":{identity}"#).expect("a string can be written to");
            }
            Happening::Account { status } => {
                let mut account =
                    json!({ "active": status.is_none(), "did": did, "seq": seq, "time": rfc3339(time_us) });
                if let Some(status) = status {
                    account["status"] = status.into();
                }
                write!(text, r#""account","account":{account}"#).expect("a string can be written to");
            }
        }
        text.push('}');
        Self { time_us, did: did.to_owned(), collection: of, text }
    }
}
