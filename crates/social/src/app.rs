//! The microblog, put together for one server.

use std::sync::Arc;

use identity::Resolver;
use server::{App, Authenticator, Cors, Credential, Hosts, Mount, Route, Task};

use crate::auth::{self, SocialAuthenticator, TokenKeys};
use crate::media::{self, MediaStore};
use crate::services::{Services, Shared};
use crate::throttle::Bounds;
use crate::{
    Error, Social, feeds, health, moderation, moving, notifications, reference, relations, search, thoughts,
    transfer, users, wire,
};

/// What the app needs besides the microblog.
pub struct SocialAppParts {
    /// The microblog.
    pub social: Social,
    /// Where pictures are.
    pub media: MediaStore,
    /// Who knows the handles of those who sign in with an account of the AT Protocol, if anybody may.
    pub resolver: Option<Resolver>,
    /// Who knows the cookies of this server's pages.
    pub site: Option<Arc<dyn Authenticator>>,
}

/// The microblog's REST API, and what goes on without being asked.
pub struct SocialApp {
    services: Services,
    site: Option<Arc<dyn Authenticator>>,
}

impl SocialApp {
    /// Makes what the server itself signs with, if that is not there.
    pub async fn open(parts: SocialAppParts) -> Result<Self, Error> {
        let SocialAppParts { social, media, resolver, site } = parts;
        let tokens = TokenKeys::new(social.vault())?;
        users::ensure_instance(&social).await?;
        Ok(Self { services: Services::new(social, Shared { tokens, media, resolver }), site })
    }

    /// What the shell mounts: `/social` and `/media`, and the tasks that remove pictures that nobody posted and make what searches need.
    #[must_use]
    pub fn app(self) -> App {
        let Self { services, site } = self;
        let authenticator = Arc::new(SocialAuthenticator { services: services.clone(), site });
        let rest = Mount {
            hosts: Hosts::Any,
            credentials: &[Credential::AppToken, Credential::Cookie],
            authenticator: Some(authenticator),
            throttle: Some(Arc::new(Bounds { cache: services.cache().clone() })),
            cors: Some(Cors::any_origin(
                "GET, POST, PUT, PATCH, DELETE",
                "authorization, content-type, x-api-key",
                "Retry-After",
            )),
            ..Mount::new("/social", wire::errors)
        };
        let mount = Mount { hosts: Hosts::Any, compression: false, ..Mount::new("/media", wire::errors) };
        let mount = mount.routes(&services, media::routes());
        let (state, pictures) = (services.state().clone(), services.media().clone());
        let searched = state.clone();
        let tasks = vec![
            Task::new("social-pictures", move |stop| media::keep(state, pictures, stop)),
            Task::new("social-search", move |stop| async move {
                stop.run_until_cancelled(search::build(&searched)).await;
            }),
        ];
        App { mounts: vec![rest.routes(&services, routes()), mount], tasks, ..App::new("social") }
    }
}

/// One group for each part.
fn routes() -> impl Iterator<Item = Route<Services>> {
    [
        auth::routes(),
        users::routes(),
        relations::routes(),
        notifications::routes(),
        thoughts::routes(),
        feeds::routes(),
        search::routes(),
        moderation::routes(),
        moving::routes(),
        health::routes(),
        reference::routes(),
        transfer::routes(),
    ]
    .into_iter()
    .flatten()
}
