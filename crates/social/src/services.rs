//! What handlers are given.

use std::ops::Deref;
use std::sync::Arc;

use identity::Resolver;
use server::Problem;

use crate::auth::TokenKeys;
use crate::media::MediaStore;
use crate::users::{self, User};
use crate::{Error, Id, Social};

/// One for the whole app. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Services {
    social: Social,
    shared: Arc<Shared>,
}

/// What handlers need besides the microblog itself.
pub(crate) struct Shared {
    pub(crate) tokens: TokenKeys,
    pub(crate) media: MediaStore,
    /// Who knows the handles of those who sign in with an account of the AT Protocol.
    pub(crate) resolver: Option<Resolver>,
}

impl Services {
    pub(crate) fn new(social: Social, shared: Shared) -> Self {
        Self { social, shared: Arc::new(shared) }
    }

    pub(crate) fn tokens(&self) -> &TokenKeys {
        &self.shared.tokens
    }

    pub(crate) fn media(&self) -> &MediaStore {
        &self.shared.media
    }

    pub(crate) fn resolver(&self) -> Option<&Resolver> {
        self.shared.resolver.as_ref()
    }

    /// Whoever is called so here: by name, handle or uuid. Those who are gone or were taken off are not there.
    pub(crate) async fn somebody(&self, name: &str) -> Result<User, Error> {
        Some(self.whoever(name).await?).filter(User::is_there).ok_or(Error::NotFound("user"))
    }

    /// The same, and if they are elsewhere and not known yet, their server is asked: for those who are signed in, and not too often,
    /// because it makes this server ask another.
    pub(crate) async fn anybody(&self, me: Id, name: &str) -> Result<User, Problem> {
        Ok(self.person_called(me, name).await?)
    }

    /// The same for whoever looks on.
    pub(crate) async fn looked_up(&self, viewer: Option<Id>, name: &str) -> Result<User, Problem> {
        match viewer {
            Some(me) => self.anybody(me, name).await,
            None => Ok(self.somebody(name).await?),
        }
    }

    /// Somebody looks at this person: if they are elsewhere, what is here of them may be brought up to date.
    pub(crate) fn looked_at(&self, user: &User) {
        if let Some(elsewhere) = self.elsewhere().filter(|_| !user.is_local()) {
            elsewhere.looked_at(user.id);
        }
    }

    /// Whoever is called so here, also if they are gone or were taken off: what is between them and somebody can still be ended.
    pub(crate) async fn whoever(&self, name: &str) -> Result<User, Error> {
        let (name, addresses) = (name.to_owned(), self.addresses().clone());
        let user = self.ask(move |conn| users::by_name(conn, &addresses, &name)).await?;
        user.ok_or(Error::NotFound("user"))
    }
}

impl Deref for Services {
    type Target = Social;

    fn deref(&self) -> &Social {
        &self.social
    }
}
