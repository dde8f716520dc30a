//! Client programs as metrics tell them apart: few, whatever clients call themselves (spec/sync.md §10.4).

use std::fmt;
use std::sync::{Arc, OnceLock};

use http::{HeaderMap, HeaderValue};
use server::ClientClasses;

use super::SocketMeters;
use super::name::X_HAPPY_CLIENT;

/// The types of clients that there are.
const TYPES: [&str; 8] =
    ["cli", "cli-coding-session", "cli-daemon", "cli-control-plane", "ios", "android", "web", "desktop"];

/// Versions of each type that have a name; those that come after them are `other` until the server starts again. A time series cannot
/// be taken back, so there is no giving way to newer ones.
const VERSIONS: usize = 8;

/// The longest version, in bytes.
const MAX_VERSION: usize = 32;

/// The classes of a type: its versions, and all others.
const OF_TYPE: usize = VERSIONS + 1;

/// Whoever says something else.
const OTHER: usize = TYPES.len() * OF_TYPE;

/// Whoever says nothing.
const UNKNOWN: usize = OTHER + 1;

const COUNT: usize = UNKNOWN + 1;

/// All classes, and what is counted of the sockets of each. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Clients(Arc<Inner>);

struct Inner {
    /// By type, in the order in which they were heard of: filled from the first on, and never changed.
    versions: [[OnceLock<Box<str>>; VERSIONS]; TYPES.len()],
    sockets: [OnceLock<Arc<SocketMeters>>; COUNT],
}

impl Clients {
    pub(crate) fn new() -> Self {
        let versions = std::array::from_fn(|_| std::array::from_fn(|_| OnceLock::new()));
        Self(Arc::new(Inner { versions, sockets: std::array::from_fn(|_| OnceLock::new()) }))
    }

    /// Makes a class for a program that is not known yet, if it has a name that a client could have. For whoever has shown a token:
    /// strangers make no classes.
    pub(crate) fn admit(&self, name: &str) {
        if let Some((kind, version)) = parse(name) {
            // Whoever comes at the same time finds the same place, or the next one.
            let _ =
                self.0.versions[kind].iter().any(|slot| **slot.get_or_init(|| version.into()) == *version);
        }
    }

    /// What is counted of sockets of the program of this name.
    pub(crate) fn sockets(&self, name: Option<&str>) -> Arc<SocketMeters> {
        let class = self.class_of(name);
        let meters = self.0.sockets[class].get_or_init(|| Arc::new(SocketMeters::new(&self.labels(class))));
        meters.clone()
    }

    /// Takes no lock and allocates nothing.
    fn class_of(&self, name: Option<&str>) -> usize {
        let Some(name) = name else { return UNKNOWN };
        let Some(kind) = kind_of(name) else { return OTHER };
        let version = parse(name).and_then(|(_, version)| {
            self.0.versions[kind].iter().map_while(OnceLock::get).position(|known| **known == *version)
        });
        kind * OF_TYPE + version.unwrap_or(VERSIONS)
    }
}

/// The type that a name begins with.
fn kind_of(name: &str) -> Option<usize> {
    let kind = name.split_once('/').map_or(name, |(kind, _)| kind);
    TYPES.iter().position(|known| known.eq_ignore_ascii_case(kind))
}

/// The type and the version, if the version looks like one.
fn parse(name: &str) -> Option<(usize, &str)> {
    let (_, version) = name.split_once('/')?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-+_".contains(&byte);
    let is_version = (1..=MAX_VERSION).contains(&version.len()) && version.bytes().all(is_plain);
    is_version.then_some((kind_of(name)?, version))
}

impl ClientClasses for Clients {
    fn count(&self) -> usize {
        COUNT
    }

    fn claim(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        headers.get(X_HAPPY_CLIENT).cloned()
    }

    fn class(&self, claim: Option<&HeaderValue>) -> usize {
        self.class_of(claim.map(|claim| claim.to_str().unwrap_or_default()))
    }

    fn labels(&self, class: usize) -> Vec<(&'static str, String)> {
        let (kind, client) = match class {
            UNKNOWN => ("unknown", "unknown".to_owned()),
            OTHER => ("other", "other".to_owned()),
            _ => {
                let kind = TYPES[class / OF_TYPE];
                let version = self.0.versions[class / OF_TYPE].get(class % OF_TYPE).and_then(OnceLock::get);
                (kind, version.map_or_else(|| "other".to_owned(), |version| format!("{kind}/{version}")))
            }
        };
        vec![("client", client), ("client_type", kind.to_owned())]
    }
}

impl fmt::Debug for Clients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clients")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn labels(clients: &Clients, name: Option<&str>) -> String {
        let values: Vec<_> =
            clients.labels(clients.class_of(name)).into_iter().map(|(_, value)| value).collect();
        values.join(" ")
    }

    #[test]
    fn a_program_is_known_when_it_was_admitted() {
        let clients = Clients::new();
        assert_eq!(labels(&clients, Some("cli/1.2.5")), "other cli");
        clients.admit("CLI/1.2.5");
        for (name, expected) in [
            (Some("cli/1.2.5"), "cli/1.2.5 cli"),
            (Some("cLi/1.2.5"), "cli/1.2.5 cli"),
            (Some("cli/1.2.6"), "other cli"),
            (Some("cli"), "other cli"),
            (Some("cli-daemon/1.2.5"), "other cli-daemon"),
            (Some("zebra/1"), "other other"),
            (Some(""), "other other"),
            (None, "unknown unknown"),
        ] {
            assert_eq!(labels(&clients, name), expected, "{name:?}");
        }
        for strange in ["web/", "web/a b", "web/1/2", "web/\"", "web/é", &format!("web/{}", "1".repeat(33))]
        {
            clients.admit(strange);
            assert_eq!(labels(&clients, Some(strange)), "other web", "{strange}");
        }
    }

    #[test]
    fn a_flood_of_names_makes_few_classes_at_whatever_speed() {
        let clients = Clients::new();
        clients.admit("ios/1.0");
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let clients = &clients;
                scope.spawn(move || (0..2_000).for_each(|n| clients.admit(&format!("ios/{}", n + thread))));
            }
        });
        let flood = (0..3_000).map(|n| labels(&clients, Some(&format!("ios/{n}"))));
        assert_eq!(flood.collect::<HashSet<_>>().len(), VERSIONS, "seven of them, and `other`");
        assert_eq!(labels(&clients, Some("ios/1.0")), "ios/1.0 ios");
        clients.admit("android/1");
        assert_eq!(
            labels(&clients, Some("android/1")),
            "android/1 android",
            "one type is not crowded out by another"
        );
        let all: HashSet<_> = (0..COUNT).map(|class| clients.labels(class)).collect();
        assert!(all.len() <= COUNT);
    }
}
