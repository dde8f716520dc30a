//! `/r/…` and `/u/…`: a repository and its owner as small pages that need no script, with what other sites show of a link.

use std::fmt::Write as _;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use pages::{Page, Text};
use server::{Path, Problem};

use super::visit::Visit;
use crate::refusal::Refusal;
use crate::registry::Registry;

/// Tags and repositories that a page names.
const MOST: u32 = 30;

/// What other sites show of a link.
struct Card<'c> {
    title: &'c str,
    description: &'c str,
    url: String,
    image: Option<&'c str>,
}

pub(super) async fn repository(
    State(registry): State<Registry>,
    visit: Visit,
    Path((owner, name)): Path<(String, String)>,
) -> Response {
    let made = repository_page(&registry, &visit, &format!("{owner}/{name}")).await;
    made.unwrap_or_else(refused)
}

pub(super) async fn user(
    State(registry): State<Registry>,
    visit: Visit,
    Path(owner): Path<String>,
) -> Response {
    user_page(&registry, &visit, &owner).await.unwrap_or_else(refused)
}

async fn repository_page(registry: &Registry, visit: &Visit, name: &str) -> Result<Response, Problem> {
    let repository = registry.named(name).await?;
    let shown = registry.shown(visit, &repository).await?;
    let card = &shown.card;
    let (tags, _) = registry.index.tag_rows(&repository, "", MOST).await.map_err(Refusal::from)?;
    let title = card.title.as_deref().unwrap_or(&card.name);
    let fallback = format!("{} on {}", card.name, registry.auth.config().service);
    let description = card.description.as_deref().unwrap_or(&fallback);
    let mut content = format!(
        "<p>{}</p>\n<pre>{}</pre>\n<dl>\n<dt>Name</dt><dd>{}</dd>\n<dt>Pushed</dt><dd>{}</dd>\n\
         <dt>Stars</dt><dd>{}</dd>\n<dt>Digest</dt><dd>{}</dd>\n",
        Text(description),
        Text(&card.pull),
        Text(&card.name),
        Text(&card.pushed_at),
        card.stars,
        Text(&card.digest),
    );
    if !card.platforms.is_empty() {
        let _ = writeln!(content, "<dt>Platforms</dt><dd>{}</dd>", Text(&card.platforms.join(", ")));
    }
    let tags: Vec<_> = tags.iter().map(|row| &*row.tag).collect();
    let _ = write!(content, "<dt>Tags</dt><dd>{}</dd>\n</dl>", Text(&tags.join(", ")));
    let url = format!("{}/r/{}", registry.auth.config().base_url, card.name);
    let head = head(&Card { title, description, url, image: shown.avatar() });
    Ok(Page::new(StatusCode::OK, title, &content).public(&head).into_response())
}

async fn user_page(registry: &Registry, visit: &Visit, owner: &str) -> Result<Response, Problem> {
    let did = registry.owner_named(owner).await?;
    registry.load_to_show(&visit.asked, &did).await?;
    let handle = registry.handle_of(&did).await?;
    let name = handle.unwrap_or_else(|| did.as_str().replacen(':', "-", 2));
    let cards = registry.index.of_owner(&did, "", MOST).await.map_err(Refusal::from)?;
    let base = &registry.auth.config().base_url;
    let mut content = String::new();
    for card in &cards {
        let _ = writeln!(
            content,
            "<h2><a href=\"{}/r/{}/{}\">{}</a></h2>\n<p>{}</p>",
            Text(base),
            Text(&name),
            Text(&card.repository),
            Text(&card.repository),
            Text(card.description.as_deref().unwrap_or_default()),
        );
    }
    if cards.is_empty() {
        content.push_str("<p>There is nothing here yet.</p>");
    }
    let description = format!("Images of {name} on {}", registry.auth.config().service);
    let card = Card { title: &name, description: &description, url: format!("{base}/u/{name}"), image: None };
    Ok(Page::new(StatusCode::OK, &name, &content).public(&head(&card)).into_response())
}

fn head(card: &Card<'_>) -> String {
    let Card { title, description, url, image } = card;
    let mut head = format!("<meta name=\"description\" content=\"{}\">\n", Text(description));
    let _ = writeln!(head, "<link rel=\"canonical\" href=\"{}\">", Text(url));
    let properties = [
        ("og:type", "website"),
        ("og:title", title),
        ("og:description", description),
        ("og:url", url),
        ("twitter:card", "summary"),
    ];
    let image = image.map(|image| ("og:image", image));
    for (property, content) in properties.into_iter().chain(image) {
        let _ = writeln!(head, "<meta property=\"{property}\" content=\"{}\">", Text(content));
    }
    head
}

/// What went wrong, as a page, unless it is ours.
fn refused(problem: Problem) -> Response {
    if problem.is_our_fault() {
        return problem.into_response();
    }
    let content = format!("<p>{}</p>", Text(&problem.message));
    Page::new(problem.status, "There is nothing here", &content).public("").into_response()
}
