//! Whether somebody may send blobs to a hold (spec/registry.md §4.3).
//!
//! The hold has the last word on every call. This asks beforehand, so that nobody sends gigabytes to be refused, and takes people on
//! where the captain takes on everybody.

use std::time::Duration;

use atproto::Did;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::call::Call;
use super::captain::CrewMember;
use super::find::Fetched;
use super::{HoldError, Holds, RemoteHold};

/// How long "yes" is believed.
const YES: Duration = Duration::from_mins(15);

/// How long "no" is believed at first, and at most: twice as long each time.
const NO: Duration = Duration::from_secs(10);
const LONGEST_NO: Duration = Duration::from_mins(5);

/// How long it is remembered how often the answer was "no".
const MEMORY: Duration = Duration::from_mins(15);

/// Pages of a crew that are read, where its records are not named after its members.
const PAGES: usize = 10;

const REQUEST_CREW: &str = "io.atcr.hold.requestCrew";

#[derive(Deserialize)]
struct Page {
    records: Vec<Fetched<Value>>,
    #[serde(default)]
    cursor: Option<String>,
}

impl Holds {
    /// Refuses who may not send blobs there.
    pub(crate) async fn admit(&self, hold: &RemoteHold, user: &Did) -> Result<(), HoldError> {
        if hold.captain.owner == *user {
            return Ok(());
        }
        let key = key(hold, user);
        let is_admitted = match self.cache.get(&key).await?.as_deref() {
            Some(b"yes") => true,
            Some(_) => false,
            None => {
                let is_admitted = self.is_crew(hold, user).await?;
                let (answer, ttl) = if is_admitted { ("yes", YES) } else { ("no", self.no_for(&key).await?) };
                self.cache.set(&key, Bytes::from_static(answer.as_bytes()), ttl).await?;
                is_admitted
            }
        };
        let reason = "access denied for writing: you are not in its crew (required: blob:write)".to_owned();
        if is_admitted { Ok(()) } else { Err(HoldError::Denied { hold: hold.did.clone(), reason }) }
    }

    /// Forgets that somebody may: the hold has just said otherwise.
    pub(super) async fn dismiss(&self, hold: &RemoteHold, user: &Did) -> Result<(), HoldError> {
        Ok(self.cache.delete(&key(hold, user)).await?)
    }

    async fn no_for(&self, key: &str) -> Result<Duration, HoldError> {
        let times = self.cache.increment(key, 1, MEMORY).await?;
        let doublings = u32::try_from(times.clamp(1, 10) - 1).unwrap_or_default();
        Ok((NO * 2_u32.pow(doublings)).min(LONGEST_NO))
    }

    async fn is_crew(&self, hold: &RemoteHold, user: &Did) -> Result<bool, HoldError> {
        let is_member = self.is_named(hold, user).await? || self.is_listed(hold, user).await?;
        if is_member || !hold.captain.allow_all_crew {
            return Ok(is_member);
        }
        let body = json!({ "role": "member", "permissions": ["blob:read", "blob:write"] });
        let token = self.token(user, &hold.did, REQUEST_CREW).await?;
        let call = Call::post(&hold.did, hold.method(REQUEST_CREW), &body).token(Some(token));
        match self.send(call).await {
            Ok(_) => Ok(true),
            Err(HoldError::Denied { .. } | HoldError::Misbehaved { .. } | HoldError::Missing { .. }) => {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Whether a record that is named after them lets them write.
    async fn is_named(&self, hold: &RemoteHold, user: &Did) -> Result<bool, HoldError> {
        let query = [("repo", hold.did.as_str()), ("collection", COLLECTION), ("rkey", user.as_str())];
        let call = Call::get(&hold.did, hold.method("com.atproto.repo.getRecord")).query(&query);
        match self.json::<Fetched<CrewMember>>(call).await {
            Ok(found) => Ok(found.value.member == *user && found.value.may_write()),
            Err(HoldError::Missing { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether any record does: other holds name theirs otherwise.
    async fn is_listed(&self, hold: &RemoteHold, user: &Did) -> Result<bool, HoldError> {
        let mut cursor: Option<String> = None;
        for _ in 0..PAGES {
            let mut query = vec![("repo", hold.did.as_str()), ("collection", COLLECTION), ("limit", "100")];
            query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
            let call = Call::get(&hold.did, hold.method("com.atproto.repo.listRecords")).query(&query);
            let page: Page = self.json(call).await?;
            let mut members =
                page.records.into_iter().filter_map(|one| serde_json::from_value(one.value).ok());
            if members.any(|one: CrewMember| one.member == *user && one.may_write()) {
                return Ok(true);
            }
            match page.cursor {
                Some(next) if cursor.as_ref() != Some(&next) => cursor = Some(next),
                _ => return Ok(false),
            }
        }
        Ok(false)
    }
}

const COLLECTION: &str = "io.atcr.hold.crew";

fn key(hold: &RemoteHold, user: &Did) -> String {
    Holds::key("crew", &[hold.did.as_str(), user.as_str()])
}
