//! `belvedere config`

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::config::{Flags, Setting, Settings, Values, table};
use crate::output::{Answer, Output, Table};

/// Show every setting, its value and where that comes from
///
/// A flag counts before an environment variable, that before a variable in .env, the configuration file and the
/// default. Passwords are not shown.
#[derive(Args, Debug)]
pub(super) struct Config {
    #[command(flatten)]
    output: Output,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Effective(Vec<Line>);

#[derive(Serialize)]
struct Line {
    key: &'static str,
    /// Nothing if nobody gave one and there is no default.
    value: Option<String>,
    #[serde(skip)]
    otherwise: &'static str,
    origin: String,
    variable: &'static str,
}

impl Config {
    pub(super) fn run(self, flags: &Flags) -> Result<()> {
        let values = Values::load(flags)?;
        let line = |setting: &&'static Setting| Line {
            key: setting.key,
            value: values.shown(setting),
            otherwise: setting.default_text(),
            origin: values.get(setting).origin.to_string(),
            variable: setting.variable(),
        };
        self.output.print(&Effective(table::ALL.iter().map(line).collect()))?;
        // After the list, so that it helps to find the value that is wrong.
        Settings::new(&values)?;
        Ok(())
    }
}

impl Answer for Effective {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new(["SETTING", "VALUE", "FROM"]);
        for line in &self.0 {
            let value = line.value.as_deref().unwrap_or(line.otherwise);
            table.row([line.key.to_owned(), value.to_owned(), line.origin.clone()]);
        }
        write!(to, "{table}")
    }
}
