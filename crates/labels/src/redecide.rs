//! Carrying out what a hook has decided late.

use atproto::Did;
use clock::now_micros;
use store::{Conn, v};

use crate::admit::Admitted;
use crate::source::{Fence, Source};
use crate::write::{Origin, write};
use crate::{Error, Label, LabelDecision, Labels, Rejection};

impl Labels {
    /// Carries out what a hook has decided late about a label that was stored as it came; whether it is still stored like
    /// that. What its labeler has said of the same since has been decided about by itself.
    ///
    /// A negation has been carried out by then: dropping it brings nothing back, but what is put in its place takes back what
    /// it names.
    pub async fn redecide(&self, label: &Label, decision: LabelDecision) -> Result<bool, Error> {
        let labeler = Did::parse(&label.src).map_err(|_| Rejection::Source)?;
        let replacement = match decision {
            LabelDecision::Keep => return Ok(true),
            LabelDecision::Drop if label.neg => return Ok(true),
            LabelDecision::Drop => None,
            LabelDecision::Replace(other) => {
                Some(Admitted::new(Label { src: label.src.clone(), ..other }, &labeler)?)
            }
        };
        let original = label.clone();
        let write = move |conn: &mut Conn<'_>| {
            let Some(source) = Source::find(conn, &original.src)? else { return Ok(false) };
            source.fence.advance(conn, None)?;
            if !take_away(conn, source.fence, &original)? {
                return Ok(false);
            }
            let replacement = replacement.as_slice();
            write(conn, source.fence, replacement, Origin::Stream, now_micros())?;
            Ok(true)
        };
        match self.index.write(write).await {
            // It was removed in this very moment.
            Err(Error::Interrupted) => Ok(false),
            written => written,
        }
    }
}

/// Deletes the row if it still says what `label` says; whether it did.
fn take_away(conn: &mut Conn<'_>, fence: Fence, label: &Label) -> Result<bool, store::Error> {
    const SQL: &str = "
        DELETE FROM label_rows
        WHERE uri = $1 AND source_id = $2 AND val = $3 AND neg = $4 AND cts = $5
          AND cid IS NOT DISTINCT FROM $6 AND exp IS NOT DISTINCT FROM $7";
    let Label { uri, val, neg, cts, cid, exp, .. } = label;
    let values = [v(uri), v(fence.source_id), v(val), v(*neg), v(cts), v(cid.as_deref()), v(exp.as_deref())];
    Ok(conn.execute(SQL, &values)? > 0)
}
