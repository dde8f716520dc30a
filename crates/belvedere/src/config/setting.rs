//! What a setting is: one value under three names.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction};

/// One thing that can be configured, by flag, environment variable or configuration file.
#[derive(Debug)]
pub(crate) struct Setting {
    /// Its name in the configuration file and in messages.
    pub(crate) key: &'static str,
    /// The long flag, without dashes in front; empty where there is none.
    pub(crate) flag: &'static str,
    /// Environment variables, the documented one first. The rest are names that other servers use.
    pub(crate) variables: &'static [&'static str],
    /// What stands for the value in help texts; a [`Kind::Switch`] needs none.
    pub(crate) placeholder: &'static str,
    /// How its text reads.
    pub(crate) kind: Kind,
    /// The text that counts when nobody says anything else; empty when there is none.
    pub(crate) default: &'static str,
    /// What happens without a value, for people; empty when `default` says it.
    pub(crate) otherwise: &'static str,
    /// Which commands listen to it.
    pub(crate) group: Group,
    /// One or two sentences.
    pub(crate) help: &'static str,
}

/// How the text of a setting reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Any text; the setting says what it takes.
    Text,
    /// A URL that may hold a password.
    SecretUrl,
    /// A secret. It has no flag: every user of the machine can read command lines.
    Secret,
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// `true` or `false`; the bare flag means `true`.
    Switch,
}

impl Kind {
    /// Whether nobody else may read it, or not all of it.
    pub(crate) fn is_secret(self) -> bool {
        matches!(self, Self::Secret | Self::SecretUrl)
    }
}

/// Settings that the same commands need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// Where the data is: every command that opens it.
    Data,
    /// How to reach the network.
    Network,
    /// What only a server has.
    Server,
    /// What the registry and its hold work with: the server, and commands about them.
    Registry,
    /// What is said while working.
    Logs,
}

impl Group {
    /// All of them, in the order of the help text.
    pub(crate) const ALL: [Self; 5] = [Self::Data, Self::Network, Self::Server, Self::Registry, Self::Logs];

    /// The heading in help texts and in the reference.
    pub(crate) fn heading(self) -> &'static str {
        match self {
            Self::Data => "Data",
            Self::Network => "Network",
            Self::Server => "Server",
            Self::Registry => "Registry",
            Self::Logs => "Logs",
        }
    }
}

impl Setting {
    /// The environment variable to use in new set-ups.
    pub(crate) fn variable(&self) -> &'static str {
        self.variables[0]
    }

    /// What counts when nobody says anything else, for people.
    pub(crate) fn default_text(&self) -> &'static str {
        if self.otherwise.is_empty() { self.default } else { self.otherwise }
    }

    /// The command line argument, if it has one. Its default is left to [`Values`](super::values::Values): a flag that is
    /// not given must not hide a variable.
    pub(crate) fn arg(&self) -> Option<Arg> {
        let (help, default) = (self.help, self.default_text());
        let arg = Arg::new(self.key)
            .long(self.flag)
            .help(format!("{help} [default: {default}]"))
            .long_help(format!("{help} [env: {}] [default: {default}]", self.variable()))
            .help_heading(self.group.heading())
            .action(ArgAction::Set)
            .global(true);
        Some(match self.kind {
            Kind::Secret => return None,
            Kind::Text | Kind::SecretUrl => arg.value_name(self.placeholder),
            Kind::Choice(words) => {
                arg.value_name(self.placeholder).value_parser(PossibleValuesParser::new(words))
            }
            Kind::Switch => arg
                .value_parser(PossibleValuesParser::new(["true", "false"]))
                .hide_possible_values(true)
                .num_args(0..=1)
                .require_equals(true)
                .default_missing_value("true")
                .value_name("BOOL"),
        })
    }
}
