//! Chunks that come too early or once more are refused, and the upload goes on as if they had not come.

use anyhow::{Context, ensure};
use bytes::Bytes;

use super::way::{Way, part, spans};
use super::{Place, blob};
use crate::client::{Answer, Body};
use crate::content::{Algorithm, Blob};
use crate::report::Report;
use crate::repository::{Repository, Span};

pub(super) async fn run(place: Place<'_>, algorithm: Algorithm, report: &mut Report) {
    for wrong_with_put in [false, true] {
        let method = if wrong_with_put { "PUT" } else { "PATCH" };
        let mut group = report.group(format!("uploads, out of order with {method}, {algorithm}"));
        let content = Blob::random(algorithm, Way::Chunks.length());
        let Some(mut upload) = group.check("begun", place.one.begin()).await else { continue };
        let spans = spans(content.bytes.len());
        for (number, &span) in spans.iter().enumerate() {
            let wrong = *spans.get(number + 1).unwrap_or(&spans[0]);
            let refused = async {
                let answer = send(place.one, &upload, &content, wrong, wrong_with_put).await?;
                answer.expect(&[416])
            };
            group.check(format!("{}-{} refused at {}", wrong.0, wrong.1, span.0), refused).await;
            let last_good = number.checked_sub(1).map(|number| spans[number].1);
            let status = async { stands_at(place.one, &upload, last_good).await };
            if let Some(answer) = group.check(format!("status at {}", span.0), status).await {
                upload = answer.location().unwrap_or(upload);
            }
            let taken =
                async { send(place.one, &upload, &content, span, false).await?.expect(&[202])?.location() };
            let Some(next) = group.check(format!("{}-{} taken", span.0, span.1), taken).await else { break };
            upload = next;
        }
        let finish = place.one.finish(&upload, &content.digest, None, Bytes::new());
        let Some(answer) = group.check("finished", async { finish.await?.expect(&[201]) }).await else {
            continue;
        };
        blob::arrived(&mut group, place.one, &content, &answer).await;
        blob::delete(&mut group, place.one, &content).await;
    }
}

async fn send(
    to: Repository<'_>,
    upload: &str,
    blob: &Blob,
    span: Span,
    with_put: bool,
) -> anyhow::Result<Answer> {
    let bytes = part(&blob.bytes, span);
    if with_put {
        return to.finish(upload, &blob.digest, Some(span), bytes).await;
    }
    to.patch(upload, Some(span), Body::Whole(bytes)).await
}

/// The server says how far it is; before the first byte, whatever it likes.
async fn stands_at(at: Repository<'_>, upload: &str, last: Option<usize>) -> anyhow::Result<Answer> {
    let answer = at.get_at(upload).await?.expect(&[204])?;
    let range = answer.header("range").with_context(|| format!("{} answered no Range", answer.asked))?;
    let ends = range.split_once('-').map(|(first, last)| (first.parse::<usize>(), last.parse::<usize>()));
    let Some((Ok(first), Ok(end))) = ends else { anyhow::bail!("Range: {range:?}") };
    if let Some(last) = last {
        ensure!((first, end) == (0, last), "Range: {range:?} instead of 0-{last}");
    }
    Ok(answer)
}
