//! All repositories that there are here, as far as the caller may know of them.

use http::header::LINK;

use super::page;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::auth::Presented;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// Entries of a page, if the client does not say.
const MOST: usize = 1000;

/// By name, page by page. Who may read our own hold sees all that is here; everybody else what others keep the layers of, who say
/// themselves who may read them.
pub(crate) async fn catalog(
    registry: &Registry,
    presented: &Presented,
    asked: &Asked,
) -> Result<Answer, Refusal> {
    let page = page(asked, MOST)?;
    // What was just pushed is listed under the name of its owner.
    registry.name_new_owners().await?;
    let own = (!sees_all(registry, presented).await?).then(|| registry.hold.did().clone());
    let listed = registry.index.catalog(page.last(), page.limit(), own).await?;
    let answer =
        Answer::json("application/json", oci::lists::catalog(listed.names.iter().map(String::as_str)));
    Ok(match listed.names.last().filter(|_| listed.more) {
        Some(last) => answer.with(LINK, &page.next_link(&asked.route, last, None)),
        None => answer,
    })
}

async fn sees_all(registry: &Registry, presented: &Presented) -> Result<bool, Refusal> {
    let subject = presented.subject();
    let is_at_home = subject.is_some_and(|subject| registry.authors.is_hosted(subject));
    Ok(is_at_home || registry.hold.rights(subject).await?.may_read())
}
