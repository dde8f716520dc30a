//! What a token is asked for (spec/registry.md §2.1).

use std::fmt;

use crate::{Actions, RepositoryName};

/// One resource and what is to be done with it: `type[(class)]:name:action[,action]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// What kind of resource: `repository`, `registry`.
    pub kind: String,
    /// What kind of repository, in parentheses behind it; clients of old asked for `plugin`.
    pub class: Option<String>,
    /// The resource, with any colons it has.
    pub name: String,
    /// What is to be done.
    pub actions: Actions,
}

/// A text that is no scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// Not of the form.
    #[error("a scope is written type:name:action,action, for example repository:alice.example.com/app:pull")]
    Malformed,
    /// More, or longer ones, than any client needs.
    #[error("at most {MAX_SCOPES} scopes of together {MAX_BYTES} bytes are taken at once")]
    TooMany,
}

/// Scopes of one parameter at most: a client needs two.
const MAX_SCOPES: usize = 32;

/// Bytes of one parameter at most.
const MAX_BYTES: usize = 8 << 10;

impl Scope {
    /// `actions` on a repository.
    #[must_use]
    pub fn repository(name: &RepositoryName, actions: Actions) -> Self {
        Self { kind: "repository".to_owned(), class: None, name: name.to_string(), actions }
    }

    /// The list of all repositories.
    #[must_use]
    pub fn catalog() -> Self {
        Self {
            kind: "registry".to_owned(),
            class: None,
            name: "catalog".to_owned(),
            actions: Actions::EVERYTHING,
        }
    }

    /// Reads one scope: the type is before the first colon, the actions are behind the last.
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        let (resource, rest) = text.split_once(':').ok_or(ScopeError::Malformed)?;
        let (name, actions) = rest.rsplit_once(':').ok_or(ScopeError::Malformed)?;
        let (kind, class) = match resource.strip_suffix(')') {
            Some(resource) => {
                let (kind, class) = resource.split_once('(').ok_or(ScopeError::Malformed)?;
                (kind, Some(class))
            }
            None => (resource, None),
        };
        let valid = is_word(kind)
            && class.is_none_or(is_word)
            && !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\'))
            && actions.split(',').all(is_action);
        if !valid {
            return Err(ScopeError::Malformed);
        }
        Ok(Self {
            kind: kind.to_owned(),
            class: class.map(str::to_owned),
            name: name.to_owned(),
            actions: actions.split(',').collect(),
        })
    }

    /// Reads one parameter, which has any number of scopes with blanks between them.
    pub fn parse_all(parameter: &str) -> Result<Vec<Self>, ScopeError> {
        let mut texts = parameter.split(' ').filter(|text| !text.is_empty());
        if parameter.len() > MAX_BYTES || texts.clone().nth(MAX_SCOPES).is_some() {
            return Err(ScopeError::TooMany);
        }
        texts.try_fold(Vec::new(), |mut scopes, text| {
            scopes.push(Self::parse(text)?);
            Ok(scopes)
        })
    }

    /// The repository it is about, if that is what it is about and a repository may be called so.
    #[must_use]
    pub fn repository_name(&self) -> Option<RepositoryName> {
        (self.kind == "repository").then(|| RepositoryName::parse(&self.name).ok()).flatten()
    }

    /// Whether it is about the list of all repositories.
    #[must_use]
    pub fn is_catalog(&self) -> bool {
        (&*self.kind, &*self.name) == ("registry", "catalog")
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'))
}

fn is_action(text: &str) -> bool {
    text == "*" || text.bytes().all(|byte| byte.is_ascii_lowercase())
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kind)?;
        if let Some(class) = &self.class {
            write!(f, "({class})")?;
        }
        write!(f, ":{}:{}", self.name, self.actions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_cut_at_the_first_and_the_last_colon() {
        let scope = Scope::parse("repository(plugin):did:plc:abc/app:push,pull").unwrap();
        assert_eq!(
            (&*scope.kind, scope.class.as_deref(), &*scope.name),
            ("repository", Some("plugin"), "did:plc:abc/app")
        );
        assert_eq!(scope.actions, Actions::PULL | Actions::PUSH);
        assert_eq!(scope.repository_name().unwrap().repository(), "app");
        let with_port = Scope::parse("repository:localhost:5000/a/b:*").unwrap();
        assert_eq!((&*with_port.name, with_port.actions), ("localhost:5000/a/b", Actions::EVERYTHING));
        assert_eq!(Scope::parse("registry:catalog:*").unwrap(), Scope::catalog());
        assert!(Scope::catalog().is_catalog() && Scope::catalog().repository_name().is_none());
        assert!(Scope::parse("repository:a/b:").unwrap().actions.is_empty());
    }

    #[test]
    fn several_stand_in_one_parameter() {
        let both = Scope::parse_all("repository:a/b:pull,push  repository:c/d:pull").unwrap();
        assert_eq!(both.len(), 2);
        assert_eq!(Scope::parse_all(""), Ok(Vec::new()));
        assert_eq!(Scope::parse_all(&"r:a:pull ".repeat(33)), Err(ScopeError::TooMany));
        assert_eq!(Scope::parse_all(&format!("r:{}:pull", "a".repeat(MAX_BYTES))), Err(ScopeError::TooMany));
    }

    #[test]
    fn refuses_what_is_none() {
        for text in [
            "",
            ":",
            "::",
            "a:b",
            "repository::pull",
            ":a:pull",
            "r(:a:pull",
            "r):a:pull",
            "r():a:pull",
            "r:a\":pull",
            "r:a:PULL",
            "r:a:p ull",
            "r:ä:pull",
        ] {
            assert_eq!(Scope::parse(text), Err(ScopeError::Malformed), "{text}");
        }
    }
}
