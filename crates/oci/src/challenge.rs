//! How a client learns where to get which token (spec/registry.md §2.1).

use std::fmt;

use crate::Scope;

/// The value of `WWW-Authenticate` of a 401.
#[derive(Debug, Clone)]
pub struct Challenge<'c> {
    /// The address tokens come from.
    pub realm: &'c str,
    /// The name of this registry, which tokens are for.
    pub service: &'c str,
    /// What the token has to be good for; nothing for a client that only wants to know who it talks to.
    pub scopes: &'c [Scope],
    /// What was wrong with the token that came, if one did.
    pub problem: Option<TokenProblem>,
}

/// Why a token is not enough (RFC 6750, section 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenProblem {
    /// Expired, of somebody else, or no token.
    Invalid,
    /// Good, but not for this.
    InsufficientScope,
}

impl fmt::Display for Challenge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bearer realm=\"{}\",service=\"{}\"", Quoted(self.realm), Quoted(self.service))?;
        for (at, scope) in self.scopes.iter().enumerate() {
            let before = if at == 0 { ",scope=\"" } else { " " };
            write!(f, "{before}{}", Quoted(&scope.to_string()))?;
        }
        if !self.scopes.is_empty() {
            f.write_str("\"")?;
        }
        match self.problem {
            None => Ok(()),
            Some(TokenProblem::Invalid) => f.write_str(",error=\"invalid_token\""),
            Some(TokenProblem::InsufficientScope) => f.write_str(",error=\"insufficient_scope\""),
        }
    }
}

/// The inside of a quoted string (RFC 9110, section 5.6.4). What may not stand in a header is left out.
struct Quoted<'t>(&'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        for character in self.0.chars().filter(|c| c.is_ascii_graphic() || *c == ' ') {
            if matches!(character, '"' | '\\') {
                f.write_char('\\')?;
            }
            f.write_char(character)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Actions, RepositoryName};

    #[test]
    fn says_where_and_what() {
        let scope = |name, actions| Scope::repository(&RepositoryName::parse(name).unwrap(), actions);
        let scopes = [scope("a.test/app", Actions::PULL | Actions::PUSH), scope("b.test/app", Actions::PULL)];
        let mut challenge = Challenge {
            realm: "https://r.test/auth/token",
            service: "r.test",
            scopes: &scopes[..0],
            problem: None,
        };
        assert_eq!(challenge.to_string(), r#"Bearer realm="https://r.test/auth/token",service="r.test""#);
        challenge.scopes = &scopes;
        challenge.problem = Some(TokenProblem::InsufficientScope);
        assert_eq!(
            challenge.to_string(),
            r#"Bearer realm="https://r.test/auth/token",service="r.test",scope="repository:a.test/app:pull,push repository:b.test/app:pull",error="insufficient_scope""#
        );
        challenge.scopes = &scopes[..1];
        challenge.problem = Some(TokenProblem::Invalid);
        assert!(
            challenge
                .to_string()
                .ends_with(r#",scope="repository:a.test/app:pull,push",error="invalid_token""#)
        );
    }

    #[test]
    fn nothing_gets_out_of_its_quotes() {
        let challenge = Challenge {
            realm: "x\",error=\"y\r\nSet-Cookie: a",
            service: "\\\"ö",
            scopes: &[],
            problem: None,
        };
        assert_eq!(challenge.to_string(), r#"Bearer realm="x\",error=\"ySet-Cookie: a",service="\\\"""#);
    }
}
