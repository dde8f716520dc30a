//! `GET /v1/account/export`: everything an account has here, as it is kept, one JSON object a line.
//!
//! The reference has nothing like it. What only clients can read comes as they left it, so whoever has the account's secret can
//! read the file. It is read in pages as fast as the caller takes them: an account of any size needs the same memory. The
//! last line counts the others, so a file that was cut short is known by not having it.

mod column;
mod page;
mod parts;
mod writer;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures::stream;
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use server::Problem;
use tokio::sync::{Semaphore, SemaphorePermit, mpsc};

use crate::services::Services;
use crate::wire::Owner;
use writer::Writer;

/// Exports at once on this instance: each may hold a few of the largest rows there can be.
static PLACES: Semaphore = Semaphore::const_new(4);

/// Whose they are: one each.
static ACCOUNTS: Mutex<BTreeSet<Arc<str>>> = Mutex::new(BTreeSet::new());

fn accounts() -> MutexGuard<'static, BTreeSet<Arc<str>>> {
    // No code under the lock panics half-way through a change.
    ACCOUNTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One export under way.
struct Place {
    account: Arc<str>,
    _permit: SemaphorePermit<'static>,
}

impl Place {
    fn take(account: Arc<str>) -> Result<Self, Problem> {
        let permit = PLACES.try_acquire().map_err(|_| {
            let message = "Too many exports at once. Try again in a few minutes.";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, message)
        })?;
        if accounts().insert(account.clone()) {
            return Ok(Self { account, _permit: permit });
        }
        let message = "An export of this account is under way. Try again when it has ended.";
        Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, message))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        accounts().remove(&self.account);
    }
}

pub(super) async fn export(State(services): State<Services>, owner: Owner) -> Result<Response, Problem> {
    let place = Place::take(owner.account.clone())?;
    let (sender, receiver) = mpsc::channel(1);
    let (state, vault) = (services.relay.state().clone(), services.vault.clone());
    let bucket = services.bucket.clone();
    tokio::spawn(async move {
        Writer::new(&state, vault, bucket, owner.account, sender).run().await;
        drop(place);
    });
    let lines = stream::unfold(receiver, async |mut receiver: mpsc::Receiver<_>| {
        let lines: Result<Bytes, writer::Broken> = receiver.recv().await?;
        Some((lines, receiver))
    });
    let headers = [
        (CONTENT_TYPE, "application/x-ndjson"),
        (CONTENT_DISPOSITION, "attachment; filename=\"account.ndjson\""),
    ];
    Ok((headers, Body::from_stream(lines)).into_response())
}
