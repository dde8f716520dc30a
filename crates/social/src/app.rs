//! The microblog, put together for one server.

use std::sync::Arc;

use identity::Resolver;
use server::{App, Authenticator, Cors, Credential, Hosts, Mount, Route};

use crate::auth::{self, SocialAuthenticator, TokenKeys};
use crate::media::{self, MediaStore};
use crate::services::{Services, Shared};
use crate::throttle::Bounds;
use crate::{
    Error, Social, feeds, moderation, notifications, relations, search, thoughts, transfer, users, wire,
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

    /// What the shell mounts: `/social` and `/media`.
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
        let media = Mount { hosts: Hosts::Any, compression: false, ..Mount::new("/media", wire::errors) };
        let media = media.routes(&services, media::routes());
        App { mounts: vec![rest.routes(&services, routes()), media], ..App::new("social") }
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
        transfer::routes(),
    ]
    .into_iter()
    .flatten()
}
