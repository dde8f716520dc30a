//! Writing a scope, in one form for all that mean the same.

use std::fmt::{self, Display};

use super::{AccountAttribute, Audience, RepoAction, Scope, Targets};

impl Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Atproto => f.write_str("atproto"),
            Self::TransitionGeneric => f.write_str("transition:generic"),
            Self::TransitionEmail => f.write_str("transition:email"),
            Self::TransitionChat => f.write_str("transition:chat.bsky"),
            Self::Repo { collections, actions } => {
                let mut scope = Printer::new("repo");
                scope.positional("collection", &names(collections));
                if actions.len() < RepoAction::ALL.len() {
                    scope.params("action", actions.iter().map(|action| action.as_str().to_owned()));
                }
                f.write_str(&scope.text)
            }
            Self::Rpc { methods, audience } => {
                let mut scope = Printer::new("rpc");
                scope.positional("lxm", &names(methods));
                let audience = match audience {
                    Audience::Any => "*".to_owned(),
                    Audience::Service(service) => service.to_string(),
                };
                scope.params("aud", [audience]);
                f.write_str(&scope.text)
            }
            Self::Blob(ranges) => {
                let mut scope = Printer::new("blob");
                scope.positional("accept", &ranges.iter().map(ToString::to_string).collect::<Vec<_>>());
                f.write_str(&scope.text)
            }
            Self::Account { attribute, manage } => {
                let attribute = match attribute {
                    AccountAttribute::Email => "email",
                    AccountAttribute::Repo => "repo",
                };
                write!(f, "account:{attribute}{}", if *manage { "?action=manage" } else { "" })
            }
            Self::IdentityHandle => f.write_str("identity:handle"),
            Self::IdentityAll => f.write_str("identity:*"),
            Self::Include { set, audience } => {
                let mut scope = Printer::new("include");
                scope.positional("nsid", &[set.to_string()]);
                scope.params("aud", audience.iter().map(ToString::to_string));
                f.write_str(&scope.text)
            }
        }
    }
}

fn names(targets: &Targets) -> Vec<String> {
    match targets {
        Targets::Any => vec!["*".to_owned()],
        Targets::These(names) => names.iter().map(ToString::to_string).collect(),
    }
}

struct Printer {
    text: String,
    has_params: bool,
}

impl Printer {
    fn new(resource: &str) -> Self {
        Self { text: resource.to_owned(), has_params: false }
    }

    /// One value goes after the colon, several into parameters.
    fn positional(&mut self, name: &str, values: &[String]) {
        match values {
            [value] => {
                self.text.push(':');
                self.value(value);
            }
            values => self.params(name, values.iter().cloned()),
        }
    }

    fn params(&mut self, name: &str, values: impl IntoIterator<Item = String>) {
        for value in values {
            self.text.push(if self.has_params { '&' } else { '?' });
            self.has_params = true;
            self.text.push_str(name);
            self.text.push('=');
            self.value(&value);
        }
    }

    /// Encodes what would end the value or begin an escape, and what other parsers read as a space.
    fn value(&mut self, value: &str) {
        for char in value.chars() {
            match char {
                '%' => self.text.push_str("%25"),
                '#' => self.text.push_str("%23"),
                '&' => self.text.push_str("%26"),
                '+' => self.text.push_str("%2B"),
                char => self.text.push(char),
            }
        }
    }
}
