//! Bars for work that may take long.

use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};

/// Of rows.
pub(super) fn rows() -> Result<ProgressBar> {
    bar(0, "{prefix} {wide_bar} {human_pos}/{human_len} rows, {eta} left")
}

/// Of repositories.
pub(super) fn repos(total: u64) -> Result<ProgressBar> {
    bar(total, "{prefix} {wide_bar} {human_pos}/{human_len} repos, {eta} left")
}

/// Of the bytes of a file.
pub(super) fn bytes(total: u64) -> Result<ProgressBar> {
    bar(total, "{prefix} {wide_bar} {bytes}/{total_bytes}, {eta} left")
}

/// Drawn on standard error if that is a terminal.
fn bar(total: u64, template: &str) -> Result<ProgressBar> {
    Ok(ProgressBar::new(total).with_style(ProgressStyle::with_template(template)?))
}
