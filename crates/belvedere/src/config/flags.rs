//! Settings on the command line.

use std::collections::HashMap;

use clap::{ArgMatches, Command};

use super::setting::{Group, Setting};
use super::table;

/// The texts given as flags.
#[derive(Debug, Default)]
pub(crate) struct Flags(HashMap<&'static str, String>);

impl Flags {
    /// Lets a command, and those below it, take the settings of `groups`.
    pub(crate) fn define(command: Command, groups: &[Group]) -> Command {
        let settings = table::ALL.iter().filter(|setting| groups.contains(&setting.group));
        command.args(settings.filter_map(|setting| setting.arg()))
    }

    /// What was given to the command that runs.
    pub(crate) fn of(matches: &ArgMatches) -> Self {
        let mut leaf = matches;
        while let Some((_, below)) = leaf.subcommand() {
            leaf = below;
        }
        let text = |setting: &Setting| leaf.try_get_one::<String>(setting.key).ok().flatten().cloned();
        Self(table::ALL.iter().filter_map(|setting| Some((setting.key, text(setting)?))).collect())
    }

    pub(super) fn get(&self, setting: &Setting) -> Option<String> {
        self.0.get(setting.key).cloned()
    }
}

#[cfg(test)]
impl Flags {
    /// The same flags and one more.
    pub(super) fn and(mut self, key: &'static str, text: &str) -> Self {
        self.0.insert(key, text.to_owned());
        self
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&'static str, &str); N]> for Flags {
    fn from(flags: [(&'static str, &str); N]) -> Self {
        Self(flags.into_iter().map(|(key, text)| (key, text.to_owned())).collect())
    }
}
