//! `GET /api/registry/repos/readme`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use oci::{Algorithm, Digest};
use serde::Serialize;
use server::{Json, Problem, Query};
use url::Url;
use utoipa::ToSchema;

use super::super::named::Named;
use super::super::visit::Visit;
use super::{Base, render};
use crate::registry::Registry;

/// What there is to read about a repository.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryReadme)]
pub(in crate::browse) struct ReadmeView {
    /// Where it is from.
    source: Source,
    /// Where it was fetched, if it was.
    #[schema(required)]
    url: Option<String>,
    markdown: String,
    /// The same, in which nothing runs; relative links lead to the sources.
    html: String,
}

/// Where a text is from.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RegistryReadmeSource)]
enum Source {
    /// The owner's page.
    Page,
    /// The file that the image names in `io.atcr.readme`.
    Annotation,
    /// The image's own description.
    Description,
    /// Nobody has written anything.
    Nothing,
}

pub(in crate::browse) async fn show(
    State(registry): State<Registry>,
    visit: Visit,
    Query(named): Query<Named>,
) -> Result<Json<ReadmeView>, Problem> {
    let repository = registry.named(&named.repository).await?;
    registry.load_to_show(&visit.asked, &repository.owner).await?;
    let face = registry.face(&visit, &repository).await?;
    let said = registry.said(&visit, &face).await?;
    let of_source = said.get("org.opencontainers.image.source").and_then(|source| Base::of_source(source));
    let (source, url, markdown, base) = match face.page.and_then(|page| page.description) {
        Some(text) => (Source::Page, None, text.into(), of_source),
        None => match (registry.named_file(&said).await, said.get("org.opencontainers.image.description")) {
            (Some((url, text)), _) => {
                (Source::Annotation, Some(url.to_string()), text, Some(Base::of_file(&url)))
            }
            (None, Some(text)) => (Source::Description, None, Arc::from(&**text), of_source),
            (None, None) => (Source::Nothing, None, Arc::from(""), None),
        },
    };
    let html = registry.rendered(&markdown, base).await?;
    Ok(Json(ReadmeView { source, url, markdown: markdown.to_string(), html: html.to_string() }))
}

impl Registry {
    /// The file that an image names.
    async fn named_file(&self, said: &BTreeMap<String, String>) -> Option<(Url, Arc<str>)> {
        let url = Url::parse(said.get("io.atcr.readme")?).ok()?;
        let text = self.browse.readmes.text(&url).await?;
        Some((url, text))
    }

    /// A text as HTML, made once for all who look at it for a while.
    async fn rendered(&self, markdown: &Arc<str>, base: Option<Base>) -> Result<Arc<str>, Problem> {
        let of_base = base.as_ref().map(|base| format!("{}\n{}\n", base.links, base.pictures));
        let key = format!("{}{markdown}", of_base.unwrap_or_default());
        let (key, markdown) = (Digest::of(Algorithm::Sha256, key.as_bytes()), Arc::clone(markdown));
        let rendered = self.browse.rendered.try_get_with(key, async move {
            let made = tokio::task::spawn_blocking(move || render(&markdown, base.as_ref()));
            made.await.map(Arc::<str>::from)
        });
        rendered.await.map_err(|error| Problem::internal(error.to_string()))
    }
}
