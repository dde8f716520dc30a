//! A blob of one repository is had in another without its bytes.

use bytes::Bytes;

use super::way::Way;
use super::{Place, blob};
use crate::content::{Algorithm, Blob};
use crate::report::{Optional, Report};

pub(super) async fn run(Place { one, two, .. }: Place<'_>, algorithm: Algorithm, report: &mut Report) {
    for is_named in [true, false] {
        let how = if is_named { "by name" } else { "without a name" };
        let mut group = report.group(format!("mounts, {how}, {algorithm}"));
        let content = Blob::random(algorithm, 2_048);
        let pushed = async { Way::PostPut.push(two, &content).await?.expect(&[201]) };
        if group.check("pushed", pushed).await.is_none() {
            continue;
        }
        let from = if is_named { format!("&from={}", two.name) } else { String::new() };
        let mounted = async {
            let answer = one.post(&format!("?mount={}{from}", content.digest), Bytes::new()).await?;
            if !is_named && answer.status == 202 {
                return Err(Optional("it looks nowhere for what is not named").into());
            }
            answer.expect(&[201])
        };
        if let Some(answer) = group.check("mounted", mounted).await {
            blob::arrived(&mut group, one, &content, &answer).await;
            blob::delete(&mut group, one, &content).await;
        }
        group.check("where it was", async { two.get(&content.path()).await?.expect(&[200]) }).await;
        blob::delete(&mut group, two, &content).await;
    }

    let mut group = report.group(format!("mounts, of what is not there, {algorithm}"));
    let content = Blob::random(algorithm, 2_048);
    let query = format!("?mount={}&from={}", content.digest, two.name);
    let begun = async { one.post(&query, Bytes::new()).await?.expect(&[202])?.location() };
    let Some(upload) = group.check("becomes an upload", begun).await else { return };
    let finished = one.finish(&upload, &content.digest, None, content.bytes.clone());
    if let Some(answer) = group.check("pushed", async { finished.await?.expect(&[201]) }).await {
        blob::arrived(&mut group, one, &content, &answer).await;
        blob::delete(&mut group, one, &content).await;
    }
}
