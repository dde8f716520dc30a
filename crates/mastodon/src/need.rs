//! What a route needs of whoever calls it, said where the route is.

use http::{Method, StatusCode};
use server::{Access, Problem, Route};

use crate::oauth::Token;
use crate::services::Services;

/// Checked in one place, the [door](crate::door), before any handler runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Nothing: not even a token is looked at.
    Nothing,
    /// Whoever has a token needs the scope; others see what everybody may.
    IfKnown(&'static str),
    /// Somebody's token with the scope.
    User(&'static str),
    /// Somebody's token with any one of the scopes.
    AnyOf(&'static [&'static str]),
    /// Any token, also one that a client has for itself.
    Token,
}

impl Need {
    fn access(self) -> Access {
        match self {
            Self::Nothing => Access::Public,
            Self::IfKnown(_) => Access::Delegated,
            Self::User(_) | Self::AnyOf(_) | Self::Token => Access::Authenticated,
        }
    }

    /// Whether a token is good for it.
    pub(crate) fn admit(self, token: &Token) -> Result<(), Problem> {
        let is_good = match self {
            Self::Nothing | Self::Token => true,
            Self::IfKnown(scope) | Self::User(scope) => token.scopes.cover(scope),
            Self::AnyOf(scopes) => scopes.iter().any(|scope| token.scopes.cover(scope)),
        };
        if !is_good && !faults::mutant!("mastodon-scope-not-checked") {
            return Err(Self::out_of_scope());
        }
        if token.user.is_none() && matches!(self, Self::User(_) | Self::AnyOf(_)) {
            let why = "This method requires an authenticated user";
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, why));
        }
        Ok(())
    }

    pub(crate) fn out_of_scope() -> Problem {
        Problem::forbidden("This action is outside the authorized scopes")
    }
}

/// A route and what it needs.
pub(crate) struct Row {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) need: Need,
    pub(crate) route: Route<Services>,
}

/// What each route needs.
pub(crate) type Needs = Vec<(Method, &'static str, Need)>;

macro_rules! methods {
    ($($name:ident $method:ident),*) => {$(
        pub(crate) fn $name<H, T>(path: &'static str, need: Need, summary: &'static str, handler: H) -> Row
        where
            H: axum::handler::Handler<T, Services>,
            T: 'static,
        {
            let route = Route::$name(path, need.access(), summary, handler);
            Row { method: Method::$method, path, need, route }
        }
    )*};
}

methods! { get GET, post POST, put PUT, patch PATCH, delete DELETE }

impl Row {
    /// The largest request body in bytes, instead of the mount's.
    pub(crate) fn body_limit(self, bytes: usize) -> Self {
        Self { route: self.route.body_limit(bytes), ..self }
    }
}
