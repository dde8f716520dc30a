//! How an endpoint may be used, and which token that takes (spec/registry.md §2.1).

use http::Method;

use super::Route;
use crate::{Actions, Scope};

impl Route {
    /// The methods it has, as `Allow` lists them.
    #[must_use]
    pub fn methods(&self) -> &'static [Method] {
        match self {
            Self::Blob { .. } => &[Method::GET, Method::HEAD, Method::DELETE],
            Self::Uploads { .. } => &[Method::POST],
            Self::Upload { .. } => &[Method::GET, Method::PATCH, Method::PUT, Method::DELETE],
            Self::Manifest { .. } => &[Method::GET, Method::HEAD, Method::PUT, Method::DELETE],
            Self::Ping | Self::Catalog | Self::Extensions(_) | Self::Tags { .. } | Self::Referrers { .. } => {
                &[Method::GET, Method::HEAD]
            }
        }
    }

    /// The scope that `method` needs; `None` where any valid token will do. A mount needs [`Scope::repository`] with
    /// [`Actions::PULL`] on its source besides.
    #[must_use]
    pub fn scope(&self, method: &Method) -> Option<Scope> {
        match self {
            Self::Ping | Self::Extensions(None) => None,
            Self::Catalog => Some(Scope::catalog()),
            _ => Some(Scope::repository(self.name()?, Actions::of_method(method))),
        }
    }
}
