//! What a token lets its bearer do.

use std::fmt;
use std::ops::BitOr;

use http::Method;

/// A set of actions on a resource. Actions that nobody here knows can not be granted and are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Actions(u8);

/// In the order in which they are written.
const NAMES: [(Actions, &str); 4] = [
    (Actions::PULL, "pull"),
    (Actions::PUSH, "push"),
    (Actions::DELETE, "delete"),
    (Actions::EVERYTHING, "*"),
];

impl Actions {
    /// None.
    pub const NONE: Self = Self(0);
    /// Reading.
    pub const PULL: Self = Self(1);
    /// Writing.
    pub const PUSH: Self = Self(1 << 1);
    /// Deleting.
    pub const DELETE: Self = Self(1 << 2);
    /// `*`: whatever there is.
    pub const EVERYTHING: Self = Self(1 << 3);

    /// The action of this name; none for one that is not known.
    #[must_use]
    pub fn named(name: &str) -> Self {
        NAMES.iter().find(|(_, known)| *known == name).map_or(Self::NONE, |(action, _)| *action)
    }

    /// What `method` needs on a repository (spec/registry.md §2.1).
    #[must_use]
    pub fn of_method(method: &Method) -> Self {
        match *method {
            Method::DELETE => Self::PULL | Self::DELETE,
            Method::POST | Method::PUT | Method::PATCH => Self::PULL | Self::PUSH,
            _ => Self::PULL,
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::NONE
    }

    /// Whether these allow all of `needed`.
    #[must_use]
    pub fn allow(self, needed: Self) -> bool {
        self.0 & Self::EVERYTHING.0 != 0 || self.0 & needed.0 == needed.0
    }

    /// What of these, which are asked for, is granted to somebody who may do `allowed`: `*` is as much as that.
    #[must_use]
    pub fn granted(self, allowed: Self) -> Self {
        let everything = |actions: Self| actions.0 & Self::EVERYTHING.0 != 0;
        match (everything(self), everything(allowed)) {
            (true, _) => allowed,
            (false, true) => self,
            (false, false) => Self(self.0 & allowed.0),
        }
    }

    /// The names, in a fixed order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES.into_iter().filter(move |(action, _)| self.0 & action.0 != 0).map(|(_, name)| name)
    }
}

impl BitOr for Actions {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl<'n> FromIterator<&'n str> for Actions {
    fn from_iter<I: IntoIterator<Item = &'n str>>(names: I) -> Self {
        names.into_iter().map(Self::named).fold(Self::NONE, Self::bitor)
    }
}

impl fmt::Display for Actions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, name) in self.names().enumerate() {
            write!(f, "{}{name}", if at == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_as_much_as_is_allowed() {
        let push = Actions::PULL | Actions::PUSH;
        assert_eq!(Actions::EVERYTHING.granted(push), push);
        assert_eq!(push.granted(Actions::EVERYTHING), push);
        assert_eq!(push.granted(Actions::PULL), Actions::PULL);
        assert_eq!(push.granted(Actions::NONE), Actions::NONE);
        assert!(Actions::EVERYTHING.allow(Actions::PULL | Actions::DELETE));
        assert!(!push.allow(Actions::DELETE | Actions::PULL) && push.allow(Actions::PULL));
        assert!(!push.allow(Actions::EVERYTHING));
        assert_eq!(Actions::from_iter(["push", "fly", "pull"]).to_string(), "pull,push");
        assert_eq!(Actions::of_method(&Method::DELETE).to_string(), "pull,delete");
        assert_eq!(Actions::of_method(&Method::PATCH).to_string(), "pull,push");
        assert_eq!(Actions::of_method(&Method::HEAD).to_string(), "pull");
    }
}
