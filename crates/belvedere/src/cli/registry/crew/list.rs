//! `belvedere registry crew list`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::view::MemberView;
use crate::cli::registry::opened::Opened;
use crate::output::{Answer, Output, Table};

/// Members that are read at once.
const PAGE: u32 = 1000;

/// List the crew with what they may do
#[derive(Args, Debug)]
pub(super) struct List {
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Listed(Vec<MemberView>);

impl List {
    pub(super) async fn run(self, opened: &Opened<'_>) -> Result<()> {
        let hold = opened.hold().await?;
        let (mut members, mut after) = (Vec::new(), None);
        loop {
            let page = hold.crew(after.as_ref(), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.member.clone());
            members.extend(page.into_iter().map(MemberView::from));
        }
        Ok(self.output.print(&Listed(members))?)
    }
}

impl Answer for Listed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if self.0.is_empty() {
            return writeln!(to, "nobody is in the crew; `belvedere registry crew add` takes somebody on");
        }
        let mut table = Table::new(["MEMBER", "ROLE", "PERMISSIONS", "TIER", "ADDED"]);
        for member in &self.0 {
            table.row([
                member.member.clone(),
                member.role.clone(),
                member.permissions.join(" "),
                member.tier.clone().unwrap_or_else(|| "default".to_owned()),
                member.added_at.clone(),
            ]);
        }
        write!(to, "{table}")
    }
}
