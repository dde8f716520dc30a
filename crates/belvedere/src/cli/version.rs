//! `belvedere version`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::config::AppName;
use crate::output::{Answer, Output};

/// Show the version and the apps in it
#[derive(Args, Debug)]
pub(super) struct Version {
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
struct Build {
    version: &'static str,
    apps: Vec<&'static str>,
}

impl Version {
    pub(super) fn run(self) -> Result<()> {
        let apps = AppName::ALL.map(AppName::name).to_vec();
        Ok(self.output.print(&Build { version: env!("CARGO_PKG_VERSION"), apps })?)
    }
}

impl Answer for Build {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        writeln!(to, "belvedere {} ({})", self.version, self.apps.join(", "))
    }
}
