//! `belvedere import registry`

mod names;
mod place;
mod report;
mod secret;

use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use registry_client::Copier;
use url::Url;

use self::place::{From, Place};
use self::report::Report;
pub(in crate::cli) use self::secret::read as password_in;
use crate::config::Settings;
use crate::failure::Failure;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  belvedere import registry https://registry.example.com --user alice.example.com --password-file secret
                                         everything that it lists, as alice.example.com/…
  belvedere import registry https://registry.example.com/team --user alice.example.com --password-file secret
                                         team/app as alice.example.com/app, and so on
  belvedere import registry https://registry-1.docker.io --repository library/alpine --user … --password-file secret
                                         a registry that does not list what it has
  belvedere import registry /var/lib/registry --user alice.example.com --password-file secret
                                         the folder of a registry of Docker's, also while it runs
  belvedere import registry ./image --repository app --user alice.example.com --password-file secret
                                         a folder as skopeo and others write it (OCI image layout)

Images go to a server that is running, as their owner pushes them: whoever may push there may import there.";

/// Copy images from another registry or from a folder: all tags, all platforms, and what refers to them
///
/// What is there already is passed over, so an import that broke off is gone on with by running it again. Every layer is checked on
/// its way. What cannot be copied is listed at the end, holds up nothing else, and makes the command fail.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Registry {
    /// Where images are: `https://HOST`, `https://HOST/NAMESPACE`, `https://HOST/REPOSITORY`, or a folder
    source: String,
    /// Only this repository of the source; may be repeated. Of an OCI image layout: what it is called here
    #[arg(long = "repository", value_name = "NAME")]
    repositories: Vec<String>,
    /// Whose namespace they go to, a handle or a DID; the one that --user names without it
    #[arg(long = "as", value_name = "OWNER")]
    owner: Option<String>,
    /// The server they go to; the one of this configuration without it
    #[arg(long, value_name = "URL")]
    to: Option<Url>,
    /// Who pushes there
    #[arg(long, value_name = "NAME")]
    user: String,
    /// A file with the password: of an account on that server, an app password, or the secret of a device; `-` is standard input
    #[arg(long, value_name = "FILE")]
    password_file: String,
    /// Who reads at the source; nobody in particular without it
    #[arg(long, value_name = "NAME", requires = "source_password_file")]
    source_user: Option<String>,
    /// A file with the password for the source
    #[arg(long, value_name = "FILE", requires = "source_user")]
    source_password_file: Option<String>,
    #[command(flatten)]
    output: Output,
}

impl Registry {
    pub(super) async fn run(self, settings: &Settings) -> Result<()> {
        let From { source, below } = place::source(&self, settings).await?;
        let Place { registry, owner } = place::target(&self, settings).await?;
        let (wanted, odd) = names::wanted(&source, &below, &self.repositories, &owner).await?;
        // Drawn on standard error, and only if that is a terminal.
        let bar = ProgressBar::no_length().with_style(ProgressStyle::with_template(
            "Copying {bytes} ({bytes_per_sec}) {wide_msg} {elapsed}",
        )?);
        let sent = bar.clone();
        let mut copier = Copier::new(&source, &registry, Arc::new(move |bytes| sent.inc(bytes)));
        for error in &odd {
            copier.note("a name", error);
        }
        let mut ended = Ok(());
        for (from, to) in &wanted {
            ended = copier.repository(from, to, |tag| bar.set_message(format!("{to}:{tag}"))).await;
            if ended.is_err() {
                break;
            }
        }
        bar.finish_and_clear();
        let report = Report::new(&self.source, &registry.host(), copier.summary());
        self.output.print(&report)?;
        ended.context("the import broke off; run it again to go on from there")?;
        match copier.summary().failed {
            0 => Ok(()),
            failed => Err(Failure::new(
                format!("{failed} of what there is was not copied"),
                "what is above says why; run it again to try again, what was copied is passed over",
            )
            .into()),
        }
    }
}
