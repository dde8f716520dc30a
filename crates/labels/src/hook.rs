//! Deciding what is stored of a labeler's words, before it is stored.

use std::sync::Arc;

use atproto::Did;
use futures::future::BoxFuture;

use crate::admit::Admitted;
use crate::telemetry;
use atproto::label::Label;

/// Looks at labels before they are written, outside the transaction and in the order of their labeler; negations too.
///
/// A hook may have durable effects of its own; they come first, and a batch may be offered again after a crash or a
/// failure, so they must be idempotent.
pub trait LabelHook: Send + Sync {
    /// One [`LabelDecision`] per label, in the order of `batch`; missing ones mean [`LabelDecision::Keep`]. After an error
    /// the same batch is offered again.
    fn decide<'a>(&'a self, batch: &'a [Label]) -> BoxFuture<'a, Result<Vec<LabelDecision>, store::Error>>;
}

/// What becomes of one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabelDecision {
    /// As it came.
    Keep,
    /// Nothing is stored or taken back.
    Drop,
    /// This one instead. Its source stays the labeler, whatever it says; one that is no label means
    /// [`Keep`](Self::Keep).
    Replace(Label),
}

/// What all hooks together leave, each being shown what the one before it left.
pub(crate) async fn decide(
    hooks: &[Arc<dyn LabelHook>],
    labeler: &Did,
    mut admitted: Vec<Admitted>,
) -> Result<Vec<Admitted>, store::Error> {
    for hook in hooks {
        if admitted.is_empty() {
            break;
        }
        let shown: Vec<Label> = admitted.iter().map(|admitted| admitted.label.clone()).collect();
        let mut decisions = hook.decide(&shown).await?.into_iter();
        admitted = admitted
            .into_iter()
            .filter_map(|original| apply(decisions.next().unwrap_or(LabelDecision::Keep), labeler, original))
            .collect();
    }
    Ok(admitted)
}

fn apply(decision: LabelDecision, labeler: &Did, original: Admitted) -> Option<Admitted> {
    match decision {
        LabelDecision::Keep => Some(original),
        LabelDecision::Drop => {
            telemetry::dropped("vetoed", 1);
            None
        }
        LabelDecision::Replace(label) => {
            let label = Label { src: labeler.to_string(), ..label };
            // Fails open, as a script that fails does.
            Some(Admitted::new(label, labeler).unwrap_or_else(|_| {
                telemetry::dropped("bad_replacement", 1);
                original
            }))
        }
    }
}
