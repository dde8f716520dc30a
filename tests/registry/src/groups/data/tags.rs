//! The list of tags, whole and in pages.

use anyhow::{Context, ensure};

use crate::content::{Algorithm, DataSet};
use crate::groups::Place;
use crate::report::Report;
use crate::repository::Repository;

pub(super) async fn listed(
    Place { one, .. }: Place<'_>,
    set: &DataSet,
    algorithm: Algorithm,
    report: &mut Report,
) {
    let mut tags: Vec<&str> =
        set.manifests.iter().flat_map(|manifest| &manifest.tags).map(String::as_str).collect();
    tags.sort_unstable();
    let mut group = report.group(format!("{}, {algorithm}, tags", set.name));
    let all = async {
        let list = list(one, "").await?;
        for tag in &tags {
            ensure!(list.iter().any(|listed| listed == tag), "{tag} is not among {list:?}");
        }
        ensure!(list.is_sorted(), "not in order: {list:?}");
        Ok(())
    };
    group.check("listed", all).await;
    if tags.len() < 2 {
        return;
    }
    let after_one = async {
        let middle = tags[(tags.len() - 1) / 2];
        let list = list(one, &format!("?last={middle}")).await?;
        for &tag in &tags {
            let is_listed = list.iter().any(|listed| listed == tag);
            ensure!(is_listed == (tag > middle), "after {middle}: {list:?}");
        }
        Ok(())
    };
    group.check("listed after one", after_one).await;
    let first = async {
        let page = list(one, "?n=1").await?;
        ensure!(page.len() == 1 && page[0].as_str() <= tags[0], "the first of {tags:?}: {page:?}");
        Ok(())
    };
    group.check("the first", first).await;
}

async fn list(of: Repository<'_>, query: &str) -> anyhow::Result<Vec<String>> {
    let answer = of.get(&format!("tags/list{query}")).await?.expect(&[200])?;
    let json = answer.json()?;
    ensure!(json["name"] == of.name, "name: {}", json["name"]);
    let tags = json["tags"].as_array().with_context(|| format!("tags: {}", json["tags"]))?;
    tags.iter().map(|tag| tag.as_str().map(str::to_owned).context("a tag that is no string")).collect()
}
