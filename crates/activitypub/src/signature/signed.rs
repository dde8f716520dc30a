//! A signature of which all is right that can be known without its key.

use std::time::SystemTime;

use http::Method;

use super::{Form, KeyId, KeyType, PublicKey, Request, SignatureError, Window, draft, message};

/// What a signature is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'b> {
    /// The time.
    pub now: SystemTime,
    /// How far from it a signature may be.
    pub window: Window,
    /// The body exactly as it came.
    pub body: &'b [u8],
}

impl Terms<'_> {
    pub(super) fn needs_digest(&self, method: &Method) -> bool {
        !self.body.is_empty() || !matches!(*method, Method::GET | Method::HEAD)
    }
}

/// A request that says who sent it. Nothing of that is true before [`Signed::verify`] said so.
#[derive(Debug)]
pub struct Signed {
    pub(super) form: Form,
    pub(super) key_id: KeyId,
    pub(super) key_type: Option<KeyType>,
    /// What was signed; more than one where senders do not agree about it.
    pub(super) messages: Vec<Vec<u8>>,
    pub(super) signature: Vec<u8>,
}

impl Signed {
    /// Reads the signature of a request, in whichever form it is, and checks what it covers, time, host and body.
    pub fn read(request: &Request<'_>, terms: &Terms<'_>) -> Result<Self, SignatureError> {
        if request.headers.contains_key("signature-input") {
            message::read(request, terms)
        } else {
            draft::read(request, terms)
        }
    }

    /// Its form.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }

    /// Which key to verify with.
    #[must_use]
    pub fn key_id(&self) -> &KeyId {
        &self.key_id
    }

    /// Whether the owner of `key` signed the request.
    pub fn verify(&self, key: &PublicKey) -> Result<(), SignatureError> {
        if self.key_type.is_some_and(|wanted| wanted != key.key_type()) {
            return Err(SignatureError::Algorithm("the key is of another kind".into()));
        }
        let verified = self.messages.iter().any(|message| key.verify(message, &self.signature));
        if verified || faults::mutant!("activitypub-signature-not-checked") {
            Ok(())
        } else {
            Err(SignatureError::Wrong)
        }
    }
}
