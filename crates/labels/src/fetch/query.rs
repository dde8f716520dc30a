//! One question to one labeler (`com.atproto.label.queryLabels`).

use std::collections::BTreeSet;
use std::sync::Arc;

use atproto::Did;
use serde::Deserialize;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::commit::Commit;
use crate::endpoint::Endpoint;
use crate::source::Source;
use crate::trust::{self, TrustError};
use crate::write::Origin;
use crate::{LabelerStatus, LabelsParts, telemetry};
use atproto::label::SignedLabel;

/// AT URIs in one question, and their bytes: the question is a URL.
const MAX_URIS: usize = 25;
const MAX_URI_BYTES: usize = 3_000;

/// Labels on one page, the most that may be asked for.
const PAGE: u32 = 250;

/// Pages of one question. More than this is no answer about a few records.
const MAX_PAGES: usize = 20;

const MAX_ANSWER_BYTES: usize = 1 << 20;

#[derive(Deserialize)]
struct Page {
    cursor: Option<String>,
    labels: Vec<Value>,
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum QueryError {
    #[error(transparent)]
    Trust(#[from] TrustError),
    #[error("its DID document names neither a labeler nor a PDS")]
    NoEndpoint,
    #[error(transparent)]
    Outbound(#[from] outbound::Error),
    #[error(transparent)]
    Labels(#[from] crate::Error),
}

impl QueryError {
    pub(super) fn is_transient(&self) -> bool {
        match self {
            Self::Trust(TrustError::Identity(error)) => error.is_transient(),
            Self::Outbound(error) => error.is_transient(),
            Self::Labels(error) => error.is_transient(),
            Self::Trust(TrustError::Unfinished) | Self::NoEndpoint => false,
        }
    }
}

/// The AT URIs in parts that fit into a question. What no labeler could be asked about is left out: a pattern asks for
/// more than one record.
pub(super) fn chunks(uris: &BTreeSet<String>) -> Vec<Vec<String>> {
    let mut chunks: Vec<Vec<String>> = Vec::new();
    let mut bytes = 0;
    for uri in uris.iter().filter(|uri| uri.len() <= MAX_URI_BYTES && !uri.contains('*')) {
        match chunks.last_mut().filter(|chunk| chunk.len() < MAX_URIS && bytes + uri.len() <= MAX_URI_BYTES) {
            Some(chunk) => chunk.push(uri.clone()),
            None => {
                bytes = 0;
                chunks.push(vec![uri.clone()]);
            }
        }
        bytes += uri.len();
    }
    chunks
}

/// Asks a labeler about records and stores what it says.
pub(super) async fn ask(
    parts: &LabelsParts,
    labeler: &Did,
    uris: &[String],
    shutdown: &CancellationToken,
) -> Result<(), QueryError> {
    // Before the question: what the stream brings meanwhile is at least as new. In this order, see `Fence`.
    let name = labeler.to_string();
    let source = parts.labelers.index.write(move |conn| Source::open(conn, &name)).await?;
    if parts.labelers.status(labeler).await? != Some(LabelerStatus::Active) {
        return Ok(());
    }
    let answered = answer(parts, labeler, uris).await;
    telemetry::queried(if answered.is_ok() { "answered" } else { "failed" });
    let commit = Commit { labeler: labeler.clone(), fence: source.fence, origin: Origin::Query, lease: None };
    let admitted = trust::judge(&parts.resolver, labeler, &Arc::new(answered?)).await?.admitted();
    if !admitted.is_empty() {
        commit.run(parts, admitted, None, shutdown).await?;
    }
    Ok(())
}

/// What the labeler says, and only of what it was asked about.
async fn answer(parts: &LabelsParts, labeler: &Did, uris: &[String]) -> Result<Vec<SignedLabel>, QueryError> {
    let identity = parts.resolver.resolve_did(labeler).await.map_err(TrustError::from)?;
    let endpoint = Endpoint::of(&identity).ok_or(QueryError::NoEndpoint)?;
    let mut labels = Vec::new();
    let mut cursor = None;
    for _ in 0..MAX_PAGES {
        let url = endpoint.query(labeler.as_str(), uris, PAGE, cursor.as_deref());
        let page: Page = parts.outbound.get(&url).max_bytes(MAX_ANSWER_BYTES).json().await?;
        for label in page.labels {
            match serde_json::from_value::<SignedLabel>(label) {
                Ok(label) if uris.contains(&label.label.uri) => labels.push(label),
                Ok(_) => telemetry::dropped("not_asked_for", 1),
                Err(_) => telemetry::dropped("malformed", 1),
            }
        }
        // A page may be empty and still not be the last.
        cursor = page.cursor;
        if cursor.is_none() {
            break;
        }
    }
    Ok(labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_fit_into_a_url() {
        let short: BTreeSet<String> =
            (0..60).map(|n| format!("at://did:plc:a/com.example.note/{n:02}")).collect();
        let sizes: Vec<usize> = chunks(&short).iter().map(Vec::len).collect();
        assert_eq!(sizes, [25, 25, 10]);
        let long: BTreeSet<String> =
            (0..5).map(|n| format!("at://did:web:{}/a.b.c/{n}", "x".repeat(1_400))).collect();
        let sizes: Vec<usize> = chunks(&long).iter().map(Vec::len).collect();
        assert_eq!(sizes, [2, 2, 1]);
        let never = BTreeSet::from(["at://did:plc:a/*".to_owned(), "x".repeat(3_001)]);
        assert!(chunks(&never).is_empty());
    }
}
