//! `belvedere doctor`

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::config::Flags;
use crate::doctor::{self, Finding, Status};
use crate::output::{Answer, Output};

/// Find out what is wrong and what to do about it
///
/// Looks at the configuration, the data folder, the disk, the databases, the master secret, the public URL, the bucket, the
/// clock, the network and how far the stream has been followed. A server may be running. Exits with 1 if something does not work.
#[derive(Args, Debug)]
pub(super) struct Doctor {
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Report {
    status: Status,
    checks: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    check: &'static str,
    #[serde(flatten)]
    finding: Finding,
}

impl Doctor {
    pub(super) async fn run(self, flags: &Flags) -> Result<ExitCode> {
        let found = doctor::examine(flags).await;
        let checks: Vec<Line> = found.into_iter().map(|(check, finding)| Line { check, finding }).collect();
        let status = checks.iter().map(|line| line.finding.status).max().unwrap_or(Status::Ok);
        self.output.print(&Report { status, checks })?;
        Ok(if status == Status::Fail { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

impl Answer for Report {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        for Line { check, finding } in &self.checks {
            writeln!(to, "{:<4}  {check:<13}  {}", finding.status.word(), finding.detail)?;
            if let Some(advice) = &finding.advice {
                writeln!(to, "{:21}→ {advice}", "")?;
            }
        }
        Ok(())
    }
}
