//! `belvedere record get`

use std::io::{self, Write};

use anyhow::Result;
use atproto::AtUri;
use clap::Args;
use records::Records;

use super::view::RecordView;
use crate::failure::Failure;
use crate::output::{Answer, Output};

/// Print one record as it is stored
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  belvedere record get at://did:plc:ewvi7nxzyoun6zhxrhs64oiz/xyz.statusphere.status/3kulbtuuixs27"
)]
pub(super) struct Get {
    /// `at://DID/COLLECTION/RKEY`
    #[arg(value_parser = AtUri::parse)]
    uri: AtUri,
    #[command(flatten)]
    output: Output,
}

impl Get {
    pub(super) async fn run(self, records: &Records) -> Result<()> {
        let Some((did, collection, rkey)) = self.uri.as_record() else {
            return Err(Failure::new(
                format!("{} does not name a record", self.uri),
                "use at://DID/COLLECTION/RKEY, with the DID and not the handle",
            )
            .into());
        };
        let Some(record) = records.get(did, collection, rkey).await? else {
            return Err(Failure::new(
                format!("{} is not here", self.uri),
                "`belvedere record count` shows which collections have records",
            )
            .into());
        };
        Ok(self.output.print(&RecordView::new(record)?)?)
    }
}

impl Answer for RecordView {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        writeln!(to, "{}", self.record.get())
    }
}
