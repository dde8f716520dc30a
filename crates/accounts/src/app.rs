//! What a server must mount and run for its accounts.

use std::{sync::Arc, time::Duration};

use server::{App, Cors, Credential, Hosts, Mount, Task, Throttle, standard_errors};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::{Accounts, Error, absent};

/// How long a change that another instance made to settings or domains may go unnoticed.
const REFRESH_EVERY: Duration = Duration::from_secs(5);

/// What is accepted where operators and signed-in people call.
const CREDENTIALS: &[Credential] =
    &[Credential::ApiKey, Credential::ServiceJwt, Credential::Cookie, Credential::Dpop];

impl Accounts {
    /// The app to mount. It owns `/admin`, which other apps extend.
    #[must_use]
    pub fn app(&self) -> App {
        let (users, sessions, accounts) = (self.users.clone(), self.browser_sessions.clone(), self.clone());
        let (pds_sessions, clients) = (self.pds_sessions.clone(), self.clients.clone());
        let tasks = vec![
            Task::new("last used", async move |stop| users.last_used.run(&users.state, stop).await),
            Task::new("browser sessions", move |stop| sessions.prune(stop)),
            Task::new("PDS sessions", move |stop| pds_sessions.maintain(stop)),
            Task::new("DPoP keys", move |stop| clients.expire_keys(stop)),
            Task::new("settings", move |stop| accounts.keep_fresh(stop)),
        ];
        // Here strangers make the server ask others, keep something for them, or read a picture.
        let limited = [
            self.service.mounts(CREDENTIALS),
            self.sign_in.mounts(CREDENTIALS),
            self.clients.mounts(),
            vec![self.settings.mount()],
        ];
        let limits: Arc<dyn Throttle> = Arc::new(self.limits.clone());
        let limited =
            limited.into_iter().flatten().map(|mount| Mount { throttle: Some(limits.clone()), ..mount });
        let unlimited = [self.admin(), absent::external_accounts()];
        App { mounts: limited.chain(unlimited).collect(), tasks, ..App::new("accounts") }
    }

    /// `/admin`, for all apps. Operators also come through tunnels and by address.
    fn admin(&self) -> Mount {
        Mount {
            hosts: Hosts::Any,
            credentials: CREDENTIALS,
            cors: Some(Cors::xrpc()),
            routes: self.admin_routes(),
            ..Mount::new("/admin", standard_errors)
        }
    }

    async fn keep_fresh(self, stop: CancellationToken) {
        let mut failing = false;
        while stop.run_until_cancelled(tokio::time::sleep(REFRESH_EVERY)).await.is_some() {
            let outcome = self.refresh().await;
            if let (Err(error), false) = (&outcome, failing) {
                warn!(%error, "cannot read settings and domains; will go on trying");
            }
            failing = outcome.is_err();
        }
    }

    async fn refresh(&self) -> Result<(), Error> {
        self.settings.refresh().await?;
        self.domains.refresh().await
    }
}
