//! Tokens: what a client shows with every request and with every socket (spec/sync.md §1.2).
//!
//! `bv1.ID.SECRET`. The id names the row, so a token can be listed and revoked; only a hash of the whole is kept. Clients
//! print the first thirty characters, which is why the secret begins after them.

mod authenticator;
mod imported;
mod list;
mod mint;
mod revoke;
mod routes;
mod verify;

pub(crate) use authenticator::TokenAuthenticator;
pub(crate) use mint::{Origin, mint};
pub(crate) use revoke::revoke_all;
pub(crate) use routes::routes;
pub(crate) use verify::{Identity, Tokens};

/// Whose token it says it is, if it is one of another server; of ours, its name. Nothing of it is to be believed.
pub(crate) fn read_token(text: &str) -> Option<String> {
    mint::id_of(text)
        .map(str::to_owned)
        .or_else(|| imported::Signed::read(text, clock::now_micros()).map(|signed| signed.account))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_a_stranger_shows(
            text in ".{0,120}",
            claims in r#"\{"sub":"[a-z"\\]{0,9}","iss":"(handy|x)"(,"(nbf|exp)":-?[0-9]{1,19})?\}"#,
        ) {
            crate::fuzzing::token(text.as_bytes());
            crate::fuzzing::token(format!("bv1.{text}").as_bytes());
            crate::fuzzing::token(claims.as_bytes());
        }
    }
}
