//! Tags that come as parameters with the digest (draft of the next version).

use super::Place;
use super::data::{delete, push, read};
use crate::content::{Algorithm, Builder};
use crate::report::Report;

pub(super) async fn run(place: Place<'_>, algorithm: Algorithm, report: &mut Report) {
    let tags: Vec<String> = (0..10).map(|n| format!("parameter-{n}")).collect();
    let mut builder = Builder::new("tags as parameters", algorithm);
    builder.image(&tags.iter().map(String::as_str).collect::<Vec<_>>());
    let set = builder.done();
    push::blobs(place, &set, algorithm, report).await;
    let manifest = &set.manifests[0];
    let mut group = report.group(format!("tags as parameters, {algorithm}"));
    let query = tags.iter().map(|tag| format!("tag={tag}")).collect::<Vec<_>>().join("&");
    let put = async {
        let reference = format!("{}?{query}", manifest.digest);
        let answer = place.one.put_manifest(&reference, manifest.media_type, manifest.bytes.clone()).await?;
        let answer = answer.expect(&[201])?;
        let taken = answer.headers.get_all("oci-tag").iter().filter_map(|value| value.to_str().ok());
        let mut taken: Vec<&str> = taken.flat_map(|list| list.split(',').map(str::trim)).collect();
        taken.sort_unstable();
        anyhow::ensure!(taken == tags, "OCI-Tag: {taken:?}");
        Ok(())
    };
    group.check("pushed", put).await;
    read::all(place, &set, algorithm, report).await;
    delete::all(place, &set, algorithm, report).await;
}
