//! Writing to the repository of a session's user.

use atproto::{Did, Nsid};
use futures::future::BoxFuture;
use records::{RepoAnswer, RepoWrite, RepoWriter};
use serde_json::{Value, json};

use super::{PdsAnswer, PdsCall, PdsError, PdsSession};

impl RepoWriter for PdsSession {
    type Error = PdsError;

    fn did(&self) -> Did {
        Self::did(self)
    }

    fn write<'a>(&'a self, write: &'a RepoWrite) -> BoxFuture<'a, Result<RepoAnswer, PdsError>> {
        Box::pin(async move {
            let call = PdsCall::procedure(method(write)).json(&input(&Self::did(self), write));
            let PdsAnswer { status, headers, body } = self.call(&call).await?;
            Ok(RepoAnswer { status, headers, body })
        })
    }
}

fn method(write: &RepoWrite) -> Nsid {
    let name = match write {
        RepoWrite::Create { .. } => "com.atproto.repo.createRecord",
        RepoWrite::Put { .. } => "com.atproto.repo.putRecord",
        RepoWrite::Delete { .. } => "com.atproto.repo.deleteRecord",
    };
    #[expect(clippy::expect_used, reason = "each of the three is an NSID")]
    Nsid::parse(name).expect("an NSID")
}

fn input(repo: &Did, write: &RepoWrite) -> Value {
    let mut input = json!({ "repo": repo.as_str(), "collection": write.collection().as_str() });
    if let Some(rkey) = write.rkey() {
        input["rkey"] = rkey.as_str().into();
    }
    if let Some(record) = write.record() {
        input["record"] = Value::Object(record.clone());
    }
    input
}

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use super::*;

    #[test]
    fn each_write_is_one_method() {
        let repo = Did::parse("did:web:alice.example").unwrap();
        let collection = Nsid::parse("com.example.note").unwrap();
        let rkey = atproto::RecordKey::parse("a").unwrap();
        let record = Map::from_iter([("text".to_owned(), json!("hi"))]);
        let create = RepoWrite::Create { collection: collection.clone(), rkey: None, record: record.clone() };
        let named = RepoWrite::Create {
            collection: collection.clone(),
            rkey: Some(rkey.clone()),
            record: record.clone(),
        };
        let put = RepoWrite::Put { collection: collection.clone(), rkey: rkey.clone(), record };
        let delete = RepoWrite::Delete { collection, rkey };
        let (repo_of, text) = (json!("did:web:alice.example"), json!({ "text": "hi" }));
        let note = json!("com.example.note");
        for (write, name, expected) in [
            (create, "createRecord", json!({ "repo": repo_of, "collection": note, "record": text })),
            (
                named,
                "createRecord",
                json!({ "repo": repo_of, "collection": note, "rkey": "a", "record": text }),
            ),
            (put, "putRecord", json!({ "repo": repo_of, "collection": note, "rkey": "a", "record": text })),
            (delete, "deleteRecord", json!({ "repo": repo_of, "collection": note, "rkey": "a" })),
        ] {
            assert_eq!(method(&write).as_str(), format!("com.atproto.repo.{name}"));
            assert_eq!(input(&repo, &write), expected);
        }
    }
}
