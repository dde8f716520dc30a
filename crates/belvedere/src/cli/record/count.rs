//! `belvedere record count`

use std::io::{self, Write};

use anyhow::Result;
use atproto::Nsid;
use clap::Args;
use records::Records;
use serde::Serialize;

use crate::output::{Answer, Output, Table};

/// Count the records of every collection, or of one
#[derive(Args, Debug)]
pub(super) struct Count {
    /// NSID of a collection
    #[arg(value_parser = Nsid::parse)]
    collection: Option<Nsid>,
    #[command(flatten)]
    output: Output,
}

/// The fields of the admin API's `/admin/stats`.
#[derive(Serialize)]
struct Stats {
    total_records: i64,
    collections: Vec<Collection>,
}

#[derive(Serialize)]
struct Collection {
    collection: String,
    count: i64,
}

impl Count {
    pub(super) async fn run(self, records: &Records) -> Result<()> {
        let mut collections: Vec<Collection> = records
            .counts()
            .await?
            .into_iter()
            .map(|counted| Collection { collection: counted.collection, count: counted.records })
            .collect();
        if let Some(wanted) = self.collection {
            collections.retain(|counted| counted.collection == wanted.as_str());
            if collections.is_empty() {
                collections.push(Collection { collection: wanted.to_string(), count: 0 });
            }
        }
        let total_records = collections.iter().map(|counted| counted.count).sum();
        Ok(self.output.print(&Stats { total_records, collections })?)
    }
}

impl Answer for Stats {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new(["COLLECTION", "RECORDS"]);
        for counted in &self.collections {
            table.row([counted.collection.clone(), counted.count.to_string()]);
        }
        if self.collections.len() != 1 {
            table.row(["total".to_owned(), self.total_records.to_string()]);
        }
        write!(to, "{table}")
    }
}
