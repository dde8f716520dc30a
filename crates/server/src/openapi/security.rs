//! Credentials in the document's words.

use std::collections::BTreeMap;

use utoipa::openapi::{
    RefOr,
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
};

use crate::{Access, Credential};

/// Which of `credentials` a caller needs: one of them, or, where the handler decides, perhaps none.
pub(super) fn requirements(access: Access, credentials: &[Credential]) -> Option<Vec<SecurityRequirement>> {
    let anonymous = match access {
        Access::Public => return None,
        Access::Delegated => Some(SecurityRequirement::default()),
        Access::Authenticated | Access::Permission(_) | Access::AllOf(_) => None,
    };
    let requirement = |credential: &Credential| SecurityRequirement::new(name(*credential), NO_SCOPES);
    Some(anonymous.into_iter().chain(credentials.iter().map(requirement)).collect())
}

const NO_SCOPES: [&str; 0] = [];

/// Every kind of credential.
pub(super) fn schemes() -> BTreeMap<String, RefOr<SecurityScheme>> {
    let all = [
        Credential::ApiKey,
        Credential::ServiceJwt,
        Credential::AppToken,
        Credential::Cookie,
        Credential::Dpop,
    ];
    all.map(|credential| (name(credential).to_owned(), RefOr::T(scheme(credential)))).into()
}

fn name(credential: Credential) -> &'static str {
    match credential {
        Credential::ApiKey => "apiKey",
        Credential::Dpop => "dpop",
        Credential::ServiceJwt => "serviceJwt",
        Credential::AppToken => "appToken",
        Credential::Cookie => "cookie",
    }
}

fn scheme(credential: Credential) -> SecurityScheme {
    let bearer = |format, description| {
        let http = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format(format);
        SecurityScheme::Http(http.description(Some(description)).build())
    };
    match credential {
        Credential::ApiKey => bearer("hv_…", "An API key that an operator made."),
        Credential::ServiceJwt => bearer(
            "JWT",
            "A service token (AT Protocol inter-service authentication) of the account that another server acts for.",
        ),
        Credential::AppToken => bearer("opaque", "A token of an app that has accounts of its own."),
        Credential::Cookie => SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
            Credential::COOKIE_NAME,
            "The session of somebody who signed in on this server's pages.",
        ))),
        Credential::Dpop => SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(
            "DPoP",
            "A proof (RFC 9449) beside `Authorization: DPoP` with the access token, of a session that an app \
             registered.",
        ))),
    }
}
