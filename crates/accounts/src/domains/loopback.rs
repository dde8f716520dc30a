//! The names of this machine to itself.
//!
//! A server for one machine is configured with one of them, or with none, and people type another. Nobody but that machine
//! can be meant by any, so where one is a domain the others are, too.

const NAMES: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// Whether both are names of the loopback interface.
pub(super) fn is_same_host(a: &str, b: &str) -> bool {
    NAMES.contains(&a) && NAMES.contains(&b)
}

/// Whether both are origins on the loopback interface with the same scheme and port.
pub(super) fn is_same_origin(a: &str, b: &str) -> bool {
    matches!((scheme_and_port(a), scheme_and_port(b)), (Some(a), Some(b)) if a == b)
}

/// What tells the origins on the loopback interface apart.
fn scheme_and_port(origin: &str) -> Option<(&str, &str)> {
    let (scheme, authority) = origin.split_once("://")?;
    let port = NAMES.iter().find_map(|name| authority.strip_prefix(name))?;
    (port.is_empty() || port.starts_with(':')).then_some((scheme, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_names_are_one_host() {
        assert!(is_same_host("localhost", "[::1]") && is_same_host("127.0.0.1", "127.0.0.1"));
        for other in ["127.0.0.2", "a.localhost", "localhost.example.com", "::1", ""] {
            assert!(!is_same_host("localhost", other) && !is_same_host(other, "localhost"), "{other}");
        }
        assert!(!is_same_host("a.example.com", "a.example.com"));
    }

    #[test]
    fn scheme_and_port_tell_origins_apart() {
        let ours = "http://127.0.0.1:3000";
        for same in ["http://localhost:3000", "http://[::1]:3000", ours] {
            assert!(is_same_origin(ours, same), "{same}");
        }
        for other in [
            "https://localhost:3000",
            "http://localhost",
            "http://localhost:30000",
            "http://localhost.example.com:3000",
            "http://127.0.0.10:3000",
            "http://localhost@example.com:3000",
            "null",
            "",
        ] {
            assert!(!is_same_origin(ours, other), "{other}");
        }
        assert!(!is_same_origin("http://a.example.com:3000", "http://localhost:3000"));
        assert!(!is_same_origin("http://localhost:3000", "http://a.example.com:3000"));
    }
}
