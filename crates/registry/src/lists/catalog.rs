//! All repositories that there are here, as far as the caller may know of them.

use http::header::LINK;
use oci::Actions;

use super::page;
use crate::Repository;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::auth::Presented;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// Entries of a page, if the client does not say.
const MOST: usize = 1000;

/// Repositories that are looked through.
const LOOKED_AT: usize = 10_000;

pub(crate) async fn catalog(
    registry: &Registry,
    presented: &Presented,
    asked: &Asked,
) -> Result<Answer, Refusal> {
    let page = page(asked, MOST)?;
    let mut names = Vec::new();
    for repository in registry.index.all(LOOKED_AT).await? {
        if may_see(registry, presented, &repository).await? {
            names.push(format!("{}/{}", registry.owners.spelled(&repository.owner).await, repository.name));
        }
    }
    names.sort_unstable();
    names.dedup();
    let names: Vec<String> = names.into_iter().filter(|name| Some(&**name) > page.last()).collect();
    let shown = &names[..names.len().min(page.limit())];
    let answer = Answer::json("application/json", oci::lists::catalog(shown.iter().map(String::as_str)));
    Ok(match shown.last().filter(|_| names.len() > shown.len()) {
        Some(last) => answer.with(LINK, &page.next_link(&asked.route, last, None)),
        None => answer,
    })
}

async fn may_see(
    registry: &Registry,
    presented: &Presented,
    repository: &Repository,
) -> Result<bool, Refusal> {
    let allowed = registry.auth.may(presented.subject(), repository).await?;
    Ok(allowed.allow(Actions::PULL))
}
