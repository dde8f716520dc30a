//! A storm in which servers are killed.

use std::time::Duration;

use tokio::time::sleep;

use super::{Outcome, Plan, Storm};
use crate::{Belvedere, BelvedereOptions, HttpClient};

/// One death.
#[derive(Clone, Copy, Debug)]
pub struct Down {
    /// Which server.
    pub server: usize,
    /// How long after the last one came back.
    pub after: Duration,
    /// Until it is started again.
    pub lasts: Duration,
}

/// Starts the servers, which share a database and have ports of their own, begins a storm, and kills them on the way.
pub async fn ride_out(options: &[BelvedereOptions], plan: Plan, downs: &[Down]) -> Outcome {
    let mut servers = Vec::new();
    for options in options {
        servers.push(Belvedere::start(options).await);
    }
    let clients: Vec<HttpClient> = servers.iter().map(|server| server.client.clone()).collect();
    let storm = Storm::begin(&clients, plan).await;
    for Down { server, after, lasts } in downs {
        sleep(*after).await;
        servers.remove(*server).kill();
        sleep(*lasts).await;
        servers.insert(*server, Belvedere::start(&options[*server]).await);
    }
    storm.end().await
}
