//! Whether a labeler said what is said in its name.

use std::sync::Arc;

use atproto::Did;
use atproto::crypto::PublicKey;
use identity::{Identity, Resolver};

use crate::admit::{Admitted, Rejection};
use crate::telemetry;
use atproto::label::SignedLabel;

/// The key that signs labels, in the document of a labeler.
const KEY: &str = "atproto_label";

/// Why nothing can be said about labels for now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TrustError {
    /// Without the document nobody knows whether there is a key.
    #[error(transparent)]
    Identity(#[from] identity::Error),
    /// The thread that was to check signatures ended without an answer.
    #[error("checking signatures did not finish")]
    Unfinished,
}

/// Labels, each looked at.
pub(crate) struct Verdict(Vec<Result<Admitted, Rejection>>);

impl Verdict {
    /// Whether some of them would be believed if the labeler had another key.
    pub(crate) fn depends_on_the_key(&self) -> bool {
        self.0.iter().any(|outcome| matches!(outcome, Err(Rejection::Signature | Rejection::Unsigned)))
    }

    /// Those that are believed; the others are counted.
    pub(crate) fn admitted(self) -> Vec<Admitted> {
        let count = |rejection: Rejection| telemetry::dropped(rejection.reason(), 1);
        self.0.into_iter().filter_map(|outcome| outcome.map_err(count).ok()).collect()
    }
}

/// Which of the labels `labeler` may have said. If its document has a key for labels, they must be signed with it; if one
/// is not, the key may be a new one, so that the document is fetched again before anything is refused.
pub(crate) async fn judge(
    resolver: &Resolver,
    labeler: &Did,
    labels: &Arc<Vec<SignedLabel>>,
) -> Result<Verdict, TrustError> {
    let identity = resolver.resolve_did(labeler).await?;
    let verdict = check(labels, labeler, &identity).await?;
    if !verdict.depends_on_the_key() {
        return Ok(verdict);
    }
    let refreshed = resolver.refresh(labeler).await?;
    if key(&refreshed) == key(&identity) { Ok(verdict) } else { check(labels, labeler, &refreshed).await }
}

/// On a thread for work that takes long: a signature takes a tenth of a millisecond, and a message may have thousands.
async fn check(
    labels: &Arc<Vec<SignedLabel>>,
    labeler: &Did,
    identity: &Arc<Identity>,
) -> Result<Verdict, TrustError> {
    let (labels, labeler, identity) = (Arc::clone(labels), labeler.clone(), Arc::clone(identity));
    let checking = tokio::task::spawn_blocking(move || {
        Verdict(labels.iter().map(|label| check_one(label, &labeler, key(&identity))).collect())
    });
    checking.await.map_err(|_| TrustError::Unfinished)
}

fn check_one(signed: &SignedLabel, labeler: &Did, key: Option<&PublicKey>) -> Result<Admitted, Rejection> {
    let admitted = Admitted::new(signed.label.clone(), labeler)?;
    match key.filter(|_| !faults::mutant!("labels-signature-not-checked")) {
        Some(_) if signed.sig.is_none() => Err(Rejection::Unsigned),
        Some(key) => signed.verify(key).map(|()| admitted).map_err(|_| Rejection::Signature),
        None => Ok(admitted),
    }
}

fn key(identity: &Identity) -> Option<&PublicKey> {
    identity.document.key(KEY)
}
