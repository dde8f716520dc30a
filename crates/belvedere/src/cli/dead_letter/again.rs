//! `belvedere dead-letter retry` and `reindex`

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use scripts::{DeadLetters, Retried};
use serde::Serialize;

use super::not_here;
use super::selection::Selection;
use crate::cli::with_appview::with_appview;
use crate::config::Settings;
use crate::output::{Answer, Output};

/// Exits with 1 if any of them fails again.
#[derive(Args, Debug)]
pub(super) struct Again {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    output: Output,
}

/// What is done with them.
#[derive(Clone, Copy, Debug)]
pub(super) enum How {
    /// With what was kept.
    Retry,
    /// With what is at the source.
    Reindex,
}

#[derive(Default, Serialize)]
struct Tried {
    resolved: Vec<i64>,
    failed: Vec<Failed>,
}

#[derive(Serialize)]
struct Failed {
    id: i64,
    error: String,
}

impl Again {
    pub(super) async fn run(self, settings: &Settings, letters: &DeadLetters, how: How) -> Result<ExitCode> {
        let ids = self.selection.ids(letters).await?;
        let tried = with_appview(settings, async |appview| {
            let (retries, mut tried) = (appview.retries(), Tried::default());
            for id in ids {
                let became = match how {
                    How::Retry => retries.retry(id).await,
                    How::Reindex => retries.reindex(id).await,
                };
                let error = match became {
                    Ok(Retried::Resolved) => {
                        tried.resolved.push(id);
                        continue;
                    }
                    Ok(Retried::Failed(error)) => error,
                    Ok(Retried::Gone) => not_here(id).to_string(),
                    Err(error) => error.to_string(),
                };
                tried.failed.push(Failed { id, error });
            }
            Ok(tried)
        })
        .await?;
        self.output.print(&tried)?;
        Ok(if tried.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl Answer for Tried {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        if self.resolved.is_empty() && self.failed.is_empty() {
            return writeln!(to, "no dead letter waits for anybody");
        }
        self.resolved.iter().try_for_each(|id| writeln!(to, "resolved {id}"))?;
        let error = |failed: &Failed| failed.error.replace(char::is_control, " ");
        self.failed.iter().try_for_each(|failed| writeln!(to, "FAILED {}: {}", failed.id, error(failed)))
    }
}
