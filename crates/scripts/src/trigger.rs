//! What makes a script run. A script's id is its trigger (spec/appview.md §5.1).

use std::fmt;
use std::str::FromStr;

use atproto::Nsid;

/// The longest name of a type of job.
const MAX_JOB_TYPE: usize = 128;

/// When a script runs.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Trigger {
    /// A record of the collection is about to be stored or removed.
    Record(On, Nsid),
    /// A query is called.
    Query(Nsid),
    /// A procedure is called.
    Procedure(Nsid),
    /// A label of a record of the collection is about to be stored.
    Label(Nsid),
    /// The same of an account.
    ActorLabel,
    /// A job of this type is to be carried out.
    Job(String),
}

/// Which events of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum On {
    /// Each, unless there is a script for exactly that action.
    Index,
    /// A record that was not here.
    Create,
    /// A record that was here.
    Update,
    /// A record that goes.
    Delete,
}

/// Why a text is no trigger.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no trigger: {reason}")]
pub struct TriggerError {
    text: String,
    reason: String,
}

impl On {
    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

impl Trigger {
    /// What comes after the colon.
    #[must_use]
    pub fn suffix(&self) -> &str {
        match self {
            Self::Record(_, nsid) | Self::Query(nsid) | Self::Procedure(nsid) | Self::Label(nsid) => {
                nsid.as_str()
            }
            Self::ActorLabel => "_actor",
            Self::Job(name) => name,
        }
    }

    fn prefix(&self) -> &'static str {
        match self {
            Self::Record(On::Index, _) => "record.index",
            Self::Record(On::Create, _) => "record.create",
            Self::Record(On::Update, _) => "record.update",
            Self::Record(On::Delete, _) => "record.delete",
            Self::Query(_) => "xrpc.query",
            Self::Procedure(_) => "xrpc.procedure",
            Self::Label(_) | Self::ActorLabel => "labeler.apply",
            Self::Job(_) => "job.run",
        }
    }
}

impl FromStr for Trigger {
    type Err = TriggerError;

    fn from_str(text: &str) -> Result<Self, TriggerError> {
        let error = |reason: &str| TriggerError { text: text.to_owned(), reason: reason.to_owned() };
        let (prefix, suffix) = text
            .split_once(':')
            .ok_or_else(|| error("it has no `:`; one is record.index:com.example.note"))?;
        if suffix.is_empty() {
            return Err(error("nothing comes after the `:`"));
        }
        let nsid = || Nsid::parse(suffix).map_err(|wrong| error(&wrong.to_string()));
        Ok(match prefix {
            "record.index" => Self::Record(On::Index, nsid()?),
            "record.create" => Self::Record(On::Create, nsid()?),
            "record.update" => Self::Record(On::Update, nsid()?),
            "record.delete" => Self::Record(On::Delete, nsid()?),
            "xrpc.query" => Self::Query(nsid()?),
            "xrpc.procedure" => Self::Procedure(nsid()?),
            "labeler.apply" if suffix == "_actor" => Self::ActorLabel,
            "labeler.apply" => Self::Label(nsid()?),
            "job.run" if is_job_type(suffix) => Self::Job(suffix.to_owned()),
            "job.run" => {
                return Err(error(
                    "a type of job has 1 to 128 of a-z, 0-9, `.`, `_`, `-`, the first of them a letter or digit",
                ));
            }
            _ => {
                return Err(error(
                    "it begins with none of record.index, record.create, record.update, record.delete, xrpc.query, \
                     xrpc.procedure, labeler.apply and job.run",
                ));
            }
        })
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.prefix(), self.suffix())
    }
}

/// Whether this may be the name of a type of job.
#[must_use]
pub fn is_job_type(text: &str) -> bool {
    let is_first = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let mut bytes = text.bytes();
    text.len() <= MAX_JOB_TYPE
        && bytes.next().is_some_and(|first| is_first(&first))
        && bytes.all(|byte| is_first(&byte) || matches!(byte, b'.' | b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_alike() {
        for text in [
            "record.index:com.example.note",
            "record.create:com.example.note",
            "record.update:com.example.note",
            "record.delete:com.example.note",
            "xrpc.query:com.example.getNote",
            "xrpc.procedure:com.example.putNote",
            "labeler.apply:com.example.note",
            "labeler.apply:_actor",
            "job.run:send-mail.v2",
            "job.run:7_days",
        ] {
            assert_eq!(text.parse::<Trigger>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_none_is_refused_with_a_reason() {
        let long = format!("job.run:{}", "a".repeat(129));
        for (text, reason) in [
            ("record.index", "no `:`"),
            ("record.index:", "nothing comes after"),
            ("record.upsert:com.example.note", "begins with none of"),
            ("record.index:note", "NSID"),
            ("record.index:com.3xample.no te", "NSID"),
            ("labeler.apply:_everybody", "NSID"),
            ("job.run:-x", "1 to 128"),
            ("job.run:Mail", "1 to 128"),
            (&long, "1 to 128"),
        ] {
            let error = text.parse::<Trigger>().unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }
}
