//! One chain of deliveries: of one sender to one host, one after the other.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use activitypub::signature::{Form, Signer};
use activitypub::{Address, media_type};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use moka::sync::Cache;
use outbound::{Outbound, Redirects, Response};
use social::Id;
use store::{Database, v};

use super::ledger::Ledger;
use super::pace::Pace;
use super::settle::{self, Outcome};
use super::{Delivery, gone};
use crate::actors::Actors;
use crate::hosts::Hosts;
use crate::keys::Keys;

/// For one attempt.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Of an answer that is read: nobody looks at it.
const MAX_ANSWER: usize = 64 * 1024;

/// Of activities that are on their way to many, all together, in bytes.
const BODIES: u64 = 8 << 20;

/// What sends. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Sender(Arc<Parts>);

/// What a sender is made of.
pub(crate) struct Parts {
    pub(crate) state: Database,
    pub(crate) outbound: Outbound,
    pub(crate) keys: Keys,
    pub(crate) hosts: Hosts,
    pub(crate) actors: Actors,
    pub(crate) time_scale: u32,
    pace: Pace,
    bodies: Cache<i64, Bytes>,
}

impl Sender {
    pub(crate) fn new(
        (state, outbound, keys, hosts, actors): (Database, Outbound, Keys, Hosts, Actors),
        (rate, workers): (f64, usize),
        time_scale: u32,
    ) -> Self {
        let pace = Pace::new(rate * f64::from(time_scale), workers);
        let weigh = |_: &i64, body: &Bytes| u32::try_from(body.len()).unwrap_or(u32::MAX);
        let bodies = Cache::builder().weigher(weigh).max_capacity(BODIES);
        let bodies = bodies.time_to_live(Duration::from_mins(1)).build();
        Self(Arc::new(Parts { state, outbound, keys, hosts, actors, time_scale, pace, bodies }))
    }

    pub(super) fn pace(&self) -> &Pace {
        &self.0.pace
    }

    /// How fast time passes between attempts.
    pub(super) fn time_scale(&self) -> u32 {
        self.0.time_scale
    }

    /// Sends this one, and those after it that are due, until something is in the way.
    pub(super) async fn run(&self, first: Delivery, ledger: &Ledger) {
        let mut next = Some(first);
        while let Some(delivery) = next.take() {
            if let Err(wait) = self.0.pace.spend(&delivery.host) {
                // Nothing is next before it.
                ledger.settle(delivery, Outcome::Postponed(wait)).await;
                return;
            }
            let outcome = self.attempt(&delivery).await;
            faults::crash_point!("federation.sent");
            metrics::counter!("belvedere_federation_deliveries_total", "outcome" => outcome.label())
                .increment(1);
            if let Outcome::Gone(_) = outcome {
                gone::look_whether(&self.0.state, &self.0.actors, &delivery.inbox);
            }
            self.0.pace.ended(&delivery.host, &outcome);
            next = ledger.settle(delivery, outcome).await;
        }
    }

    async fn attempt(&self, delivery: &Delivery) -> Outcome {
        let Ok(inbox) = Address::parse(&delivery.inbox) else {
            return Outcome::Refused(None, "the inbox is no address".into());
        };
        match self.0.hosts.is_shut_out(&delivery.host).await {
            Ok(false) => {}
            Ok(true) => return Outcome::Refused(None, "this server does not speak with this host".into()),
            Err(error) => {
                return Outcome::Later { status: None, why: error.to_string(), asked: None, of_host: false };
            }
        }
        let body = match self.body(delivery.activity).await {
            Ok(Some(body)) => body,
            Ok(None) => return Outcome::Refused(None, "the activity is not there any more".into()),
            Err(error) => {
                return Outcome::Later { status: None, why: error.to_string(), asked: None, of_host: false };
            }
        };
        let first = self.0.hosts.form(&delivery.host).await;
        let answer = match self.post(delivery, &inbox, &body, first).await {
            Err(outcome) => return outcome,
            Ok(answer) => answer,
        };
        // Refused as if it were not signed: perhaps the other form is what they read.
        if !matches!(answer.status.as_u16(), 400 | 401 | 403) {
            return settle::judge(&answer);
        }
        match self.post(delivery, &inbox, &body, first.other()).await {
            Ok(again) if again.status.is_success() => {
                self.0.hosts.prefer(&delivery.host, first.other()).await;
                settle::judge(&again)
            }
            _ => settle::judge(&answer),
        }
    }

    async fn post(
        &self,
        delivery: &Delivery,
        inbox: &Address,
        body: &Bytes,
        form: Form,
    ) -> Result<Response, Outcome> {
        let later = |why: String| Outcome::Later { status: None, why, asked: None, of_host: false };
        let signing = self.0.keys.of(Id(delivery.sender)).await.map_err(|error| later(error.to_string()))?;
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type::ACTIVITY));
        let signer = Signer { key_id: &signing.key_id, key: &signing.key, form, with_query: true };
        let signed = signer.sign(&Method::POST, inbox.url(), &mut headers, Some(body), SystemTime::now());
        signed.map_err(|error| Outcome::Refused(None, error.to_string()))?;
        let mut request = self.0.outbound.request(Method::POST, inbox.url()).bytes(body.clone());
        for (name, value) in headers {
            if let Some(name) = name {
                request = request.header(name, value);
            }
        }
        let request = request.redirects(Redirects::None).max_bytes(MAX_ANSWER).timeout(TIMEOUT);
        match request.send().await {
            Ok(answer) => Ok(answer),
            // They have taken it, whatever they say of it.
            Err(outbound::Error::TooLarge { .. }) => Err(Outcome::Delivered(StatusCode::OK)),
            Err(error) => Err(settle::unanswered(&error)),
        }
    }

    /// The same bytes for everybody it goes to.
    async fn body(&self, activity: i64) -> Result<Option<Bytes>, store::Error> {
        if let Some(body) = self.0.bodies.get(&activity) {
            return Ok(Some(body));
        }
        let find = move |conn: &mut store::Conn<'_>| {
            let find = "SELECT body FROM social_activities WHERE id = $1";
            conn.query_opt(find, &[v(activity)], |row| row.string(0))
        };
        let body = self.0.state.read_brief(find).await?.map(Bytes::from);
        if let Some(body) = &body {
            self.0.bodies.insert(activity, body.clone());
        }
        Ok(body)
    }
}
