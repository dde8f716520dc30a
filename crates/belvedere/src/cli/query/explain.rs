//! `belvedere query explain`

use std::io::{self, Write};

use anyhow::Result;
use appview::{ExplainedView, Insight};
use clap::Args;
use serde::Serialize;
use url::form_urlencoded::Serializer;

use crate::failure::Failure;
use crate::output::{Answer, Facts, Output};

/// Say which index serves a call of a query
#[derive(Args, Debug)]
pub(super) struct Explain {
    /// The query
    #[arg(value_name = "NSID")]
    nsid: String,
    /// A parameter of the call; may be repeated
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = pair)]
    params: Vec<(String, String)>,
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown(ExplainedView);

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

impl Explain {
    pub(super) async fn run(self, insight: &Insight) -> Result<()> {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(&self.params);
        let explained = insight.explain(&self.nsid, Some(&query.finish())).await;
        let explained = explained.map_err(|problem| {
            Failure::new(problem.message.into_owned(), "`belvedere query list` shows what there is to ask")
        })?;
        Ok(self.output.print(&Shown(explained))?)
    }
}

impl Answer for Shown {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let shown = &self.0;
        let way = match shown.access {
            "index" => "along an index in the order asked for",
            "few" => "by an index that has few candidates, which are sorted",
            "words" => "by an index of words",
            "backlinks" => "by the index of references, which has few candidates",
            "author" => "through the records of the author",
            _ => "through all records of the collection",
        };
        let index = match (shown.index, &shown.index_description) {
            (Some(id), Some(description)) => format!("{id}: {description}"),
            _ => "none".to_owned(),
        };
        let candidates =
            shown.candidates.map_or_else(|| "as many as a page needs".to_owned(), |count| count.to_string());
        let candidates =
            if shown.sorts && shown.candidates.is_none() { "all".to_owned() } else { candidates };
        let facts = Facts::default()
            .fact("way", way)
            .fact("index", index)
            .list("looked up", &shown.looked_up, "nothing")
            .list("looked at", &shown.looked_at, "nothing")
            .fact("order", &shown.order)
            .fact("candidates", candidates);
        write!(to, "{facts}")
    }
}
