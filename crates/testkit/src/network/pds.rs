//! What anybody can ask a PDS: the truth that an index is compared with.

use super::control::decode;
use super::{Account, Network, Record, Written};
use crate::HttpClient;
use serde::Deserialize;
use serde_json::{Value, json};

/// A user's session with their PDS.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who it belongs to.
    pub did: String,
    /// Asks the PDS as this user.
    pub client: HttpClient,
}

impl Network {
    /// All records of a collection, as the account's PDS lists them.
    pub async fn list_records(&self, account: &Account, collection: &str) -> Vec<Record> {
        #[derive(Deserialize)]
        struct Page {
            records: Vec<Record>,
            cursor: Option<String>,
        }
        let pds = HttpClient::new(&account.pds);
        let (mut records, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let mut query =
                vec![("repo", account.did.as_str()), ("collection", collection), ("limit", "100")];
            query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let answer = pds.get_with("/xrpc/com.atproto.repo.listRecords", &query).await;
            let page: Page = decode("listRecords", &answer.expect(200));
            records.extend(page.records);
            match page.cursor {
                Some(next) => cursor = Some(next),
                None => return records,
            }
        }
    }

    /// One record from the account's PDS; `None` if it says that there is none.
    pub async fn get_record(&self, account: &Account, collection: &str, rkey: &str) -> Option<Record> {
        let query = [("repo", account.did.as_str()), ("collection", collection), ("rkey", rkey)];
        let pds = HttpClient::new(&account.pds);
        let answer = pds.get_with("/xrpc/com.atproto.repo.getRecord", &query).await;
        if answer.status == 400 && answer.json()["error"] == "RecordNotFound" {
            return None;
        }
        Some(decode("getRecord", &answer.expect(200)))
    }

    /// Signs in with the account's password.
    pub async fn create_session(&self, account: &Account) -> Session {
        let pds = HttpClient::new(&account.pds);
        let body = json!({ "identifier": account.did, "password": account.password });
        let answer = pds.post("/xrpc/com.atproto.server.createSession", &body).await.expect(200);
        let token = answer["accessJwt"].as_str().unwrap_or_else(|| panic!("no accessJwt in {answer}"));
        Session { did: account.did.clone(), client: pds.with_bearer(token) }
    }
}

impl Session {
    /// Creates a record in the user's repository.
    pub async fn create_record(&self, collection: &str, record: &Value) -> Written {
        let body = json!({ "repo": self.did, "collection": collection, "record": record });
        let answer = self.client.post("/xrpc/com.atproto.repo.createRecord", &body).await;
        decode("createRecord", &answer.expect(200))
    }
}
