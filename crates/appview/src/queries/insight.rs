//! What there is to know about queries, for whoever operates the server.

use std::sync::Arc;

use atproto::lexicon::LexiconType;
use find::index::{Content, IndexState, Stage};
use find::{Explained, Find};
use serde::Serialize;
use server::Problem;
use utoipa::ToSchema;

use super::selection::refused;
use super::{Asked, Shape, SlowQueries};
use crate::xrpc::Arguments;
use crate::{Catalogue, Error, timestamp};

/// Says which index serves which query, and which queries are slow. Cheap to clone.
#[derive(Clone)]
pub struct Insight {
    pub(crate) catalogue: Catalogue,
    pub(crate) find: Find,
    pub(crate) slow: SlowQueries,
}

/// A query lexicon that has a target collection.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Query)]
pub struct QueryView {
    /// Its NSID.
    pub nsid: String,
    /// The collection it reads.
    pub collection: String,
    /// What its parameters mean.
    pub parameters: Vec<ParameterView>,
    /// The indexes that it asks for.
    pub indexes: Vec<IndexView>,
    /// Calls that this process has answered out of them, or without.
    pub calls: u64,
    /// Those of them that took a tenth of a second or longer, or were stopped.
    pub slow: u64,
    /// Milliseconds that a call took on average.
    pub mean_ms: f64,
    /// Milliseconds that the longest took.
    pub longest_ms: f64,
}

/// A parameter of a query.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = QueryParameter)]
pub struct ParameterView {
    /// Its name.
    pub name: String,
    /// What it does, or why it does nothing.
    pub meaning: String,
}

/// An index of the fields or words of records.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = QueryIndex)]
pub struct IndexView {
    /// Its number; absent while there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub id: Option<i64>,
    /// Whose records are in it.
    pub collection: String,
    /// `keys` or `words`.
    pub kind: &'static str,
    /// What is in it, in words.
    pub description: String,
    /// `waiting`, `building`, `ready`, `leaving`, or `refused` if there is no room for it.
    pub state: &'static str,
    /// How much has been looked at, from 0 to 1.
    pub progress: f64,
    /// Records that were taken in while it was built.
    pub records: i64,
    /// When it was complete.
    #[serde(serialize_with = "timestamp::serialize_opt")]
    #[schema(value_type = Option<String>, format = DateTime, required)]
    pub ready_at: Option<i64>,
}

/// A call that was slow.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SlowQuery)]
pub struct SlowView {
    /// The query.
    pub nsid: String,
    /// When it was answered.
    #[serde(serialize_with = "timestamp::serialize")]
    #[schema(value_type = String, format = DateTime)]
    pub at: i64,
    /// How many milliseconds that took.
    pub took_ms: f64,
    /// How it was answered; null if it was stopped.
    #[schema(required)]
    pub explained: Option<ExplainedView>,
}

/// How a query is answered.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ExplainedQuery)]
pub struct ExplainedView {
    /// `index`, `few`, `words`, `backlinks`, `author` or `scan`. What a script does nobody knows before.
    pub access: &'static str,
    /// The index that leads to the candidates.
    #[schema(required)]
    pub index: Option<i64>,
    /// What is in it, in words.
    #[schema(required)]
    pub index_description: Option<String>,
    /// Conditions that every candidate fulfils.
    pub looked_up: Vec<String>,
    /// Conditions that each candidate is looked at for.
    pub looked_at: Vec<String>,
    /// The order of the answer.
    pub order: String,
    /// Whether all candidates are found before the first answer.
    pub sorts: bool,
    /// How many candidates there are, where all of them are found first.
    #[schema(required)]
    pub candidates: Option<usize>,
}

impl Insight {
    /// Every query lexicon with a target collection, by NSID.
    pub async fn queries(&self) -> Result<Vec<QueryView>, Error> {
        let states = self.find.indexes().await?;
        let shapes = self.catalogue.shapes();
        let queries = self.catalogue.of_kind(LexiconType::Query);
        Ok(queries
            .iter()
            .filter_map(|lexicon| {
                let collection = lexicon.target_collection()?.to_string();
                let shape =
                    shapes.iter().find(|(nsid, _)| nsid == lexicon.id()).map(|(_, shape)| shape.clone());
                let times = self.slow.times(lexicon.id().as_str());
                let calls = u32::try_from(times.calls).unwrap_or(u32::MAX).max(1);
                Some(QueryView {
                    nsid: lexicon.id().to_string(),
                    collection,
                    parameters: shape.as_deref().map(parameters).unwrap_or_default(),
                    indexes: shape.map(|shape| indexes(&shape, &states)).unwrap_or_default(),
                    calls: times.calls,
                    slow: times.slow,
                    mean_ms: times.total.as_secs_f64() * 1000.0 / f64::from(calls),
                    longest_ms: times.longest.as_secs_f64() * 1000.0,
                })
            })
            .collect())
    }

    /// Every index there is.
    pub async fn indexes(&self) -> Result<Vec<IndexView>, Error> {
        Ok(self.find.indexes().await?.iter().map(IndexView::of).collect())
    }

    /// The slowest calls that this process has answered, the slowest first.
    #[must_use]
    pub fn slowest(&self) -> Vec<SlowView> {
        let view = |slow: super::slow::Slow| SlowView {
            nsid: slow.nsid,
            at: slow.at,
            took_ms: slow.took.as_secs_f64() * 1000.0,
            explained: slow.explained.map(ExplainedView::of),
        };
        self.slow.slowest().into_iter().map(view).collect()
    }

    /// How a call with this query string would be answered now; 404 if there is no such query, 400 if it would be refused.
    pub async fn explain(&self, nsid: &str, query: Option<&str>) -> Result<ExplainedView, Problem> {
        let lexicon = self.catalogue.find(nsid).filter(|lexicon| lexicon.kind() == LexiconType::Query);
        let lexicon = lexicon.ok_or_else(|| Problem::not_found("query lexicon not found"))?;
        let arguments = Arguments::read(lexicon.lexicon(), query, &["limit"])?;
        let Some(collection) = lexicon.target_collection() else {
            return Err(Problem::bad_request(format!("{} has no target_collection", lexicon.id())));
        };
        let shape = self.catalogue.shape(lexicon.id()).unwrap_or_else(|| Arc::new(Shape::none(collection)));
        let selection = shape.selection(arguments.all(), Asked::of(&arguments)?)?;
        self.find.explain(selection).await.map(ExplainedView::of).map_err(refused)
    }
}

fn parameters(shape: &Shape) -> Vec<ParameterView> {
    shape.described().into_iter().map(|(name, meaning)| ParameterView { name, meaning }).collect()
}

fn indexes(shape: &Shape, states: &[IndexState]) -> Vec<IndexView> {
    let of = |spec: &find::index::Spec| {
        let is_wanted = |state: &&IndexState| state.spec == *spec && state.stage != Stage::Leaving;
        states.iter().find(is_wanted).map_or_else(|| IndexView::absent(spec), IndexView::of)
    };
    shape.specs().iter().map(of).collect()
}

impl IndexView {
    #[expect(clippy::cast_precision_loss, reason = "there are at most 1000 thousandths")]
    fn of(state: &IndexState) -> Self {
        Self {
            id: Some(state.id),
            state: state.stage.as_str(),
            progress: state.permille as f64 / 1000.0,
            records: state.taken,
            ready_at: state.ready_at,
            ..Self::absent(&state.spec)
        }
    }

    fn absent(spec: &find::index::Spec) -> Self {
        Self {
            id: None,
            collection: spec.collection.to_string(),
            kind: if matches!(spec.content, Content::Words { .. }) { "words" } else { "keys" },
            description: spec.content.to_string(),
            state: "refused",
            progress: 0.0,
            records: 0,
            ready_at: None,
        }
    }
}

impl ExplainedView {
    fn of(explained: Explained) -> Self {
        let (index, index_description) = explained.index.unzip();
        Self {
            access: explained.access.as_str(),
            index,
            index_description,
            looked_up: explained.looked_up,
            looked_at: explained.looked_at,
            order: explained.order,
            sorts: explained.sorts,
            candidates: explained.candidates,
        }
    }
}
