//! The tags of a repository.

use http::header::LINK;
use oci::{ErrorCode, RepositoryName};

use super::{MOST, page};
use crate::Repository;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::refusal::Refusal;
use crate::registry::Registry;

pub(crate) async fn tags(
    registry: &Registry,
    asked: &Asked,
    (name, repository): (&RepositoryName, &Repository),
) -> Result<Answer, Refusal> {
    let page = page(asked, MOST)?;
    registry.load_to_list(asked, repository).await?;
    let listed = registry.index.tags(repository, page.last(), page.limit()).await?;
    if listed.names.is_empty() && !registry.index.exists(repository).await? {
        return Err(ErrorCode::NameUnknown.into());
    }
    let body = oci::lists::tags(name, listed.names.iter().map(String::as_str));
    let answer = Answer::json("application/json", body);
    Ok(match listed.names.last().filter(|_| listed.more) {
        Some(last) => answer.with(LINK, &page.next_link(&asked.route, last, None)),
        None => answer,
    })
}
