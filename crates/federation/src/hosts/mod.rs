//! What is known of other hosts: how they want to be signed to, and whether they can be reached (spec/social.md §4.8, §4.10).

mod health;

use std::sync::Arc;
use std::time::Duration;

use activitypub::signature::Form;
use moka::sync::Cache;
use store::{Conn, Database, v};
use tracing::debug;

pub(crate) use self::health::{Health, failed, heard, succeeded};
use crate::domains::Gate;

/// How long what is known of a host is not read again, and of how many hosts.
const KNOWN_FOR: Duration = Duration::from_mins(10);
const KNOWN: u64 = 20_000;

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Hosts {
    state: Database,
    gate: Gate,
    first_knock: Form,
    forms: Arc<Cache<String, Form>>,
}

impl Hosts {
    pub(crate) fn new(state: Database, gate: Gate, first_knock: Form) -> Self {
        let forms = Cache::builder().max_capacity(KNOWN).time_to_live(KNOWN_FOR).build();
        Self { state, gate, first_knock, forms: Arc::new(forms) }
    }

    /// Whether nothing is asked of a host.
    pub(crate) async fn is_shut_out(&self, host: &str) -> Result<bool, store::Error> {
        let (gate, host) = (self.gate, host.to_owned());
        self.state.read_brief(move |conn| gate.shuts_out(conn, &host)).await
    }

    /// The form of signature that worked last, or the one to begin with.
    pub(crate) async fn form(&self, host: &str) -> Form {
        if let Some(form) = self.forms.get(host) {
            return form;
        }
        let wanted = host.to_owned();
        let find = move |conn: &mut Conn<'_>| {
            let find = "SELECT signature_form FROM social_hosts WHERE host = $1";
            conn.query_opt(find, &[v(&wanted)], |row| {
                Ok::<_, store::Error>(row.opt_text(0)?.and_then(form_named))
            })
        };
        let known = self.state.read_brief(find).await.ok().flatten().flatten();
        let form = known.unwrap_or(self.first_knock);
        self.forms.insert(host.to_owned(), form);
        form
    }

    /// Remembers the form that worked.
    pub(crate) async fn prefer(&self, host: &str, form: Form) {
        self.forms.insert(host.to_owned(), form);
        let host = host.to_owned();
        let kept = self.state.write(move |conn| {
            let keep = "INSERT INTO social_hosts (host, signature_form) VALUES ($1, $2)
                ON CONFLICT (host) DO UPDATE SET signature_form = excluded.signature_form";
            conn.execute(keep, &[v(&host), v(form_name(form))])
        });
        if let Err(error) = kept.await {
            // It is found out anew.
            debug!(%error, "the form of a host's signatures is not kept");
        }
    }
}

fn form_name(form: Form) -> &'static str {
    match form {
        Form::Draft => "draft",
        Form::Message => "rfc9421",
    }
}

fn form_named(name: &str) -> Option<Form> {
    [Form::Draft, Form::Message].into_iter().find(|form| form_name(*form) == name)
}
