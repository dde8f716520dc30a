//! What who may do in a hold (spec/registry.md §4.3).

use atproto::Did;

use crate::{Error, Hold};

/// What a member of the crew may be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// Reading, where the hold is private.
    Read,
    /// Writing, and with it reading.
    Write,
    /// Deciding who is in the crew, and all else.
    Admin,
}

impl Permission {
    /// As records spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "blob:read",
            Self::Write => "blob:write",
            Self::Admin => "crew:admin",
        }
    }

    /// What people call somebody who has these.
    #[must_use]
    pub fn role(permissions: &[Self]) -> &'static str {
        match permissions.iter().max() {
            Some(Self::Admin) => "admin",
            Some(Self::Write) => "write",
            Some(Self::Read) | None => "member",
        }
    }

    /// The permission of this name; there may be others that nobody here knows.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Read, Self::Write, Self::Admin].into_iter().find(|permission| permission.name() == name)
    }
}

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rights {
    is_public: bool,
    /// Of which the greatest says it all: writing implies reading, and administration both.
    greatest: Option<Permission>,
}

impl Rights {
    /// Whether they may read.
    #[must_use]
    pub fn may_read(self) -> bool {
        self.is_public || self.greatest.is_some()
    }

    /// Whether they may write.
    #[must_use]
    pub fn may_write(self) -> bool {
        let least = if faults::mutant!("hold-reader-writes") { Permission::Read } else { Permission::Write };
        self.greatest >= Some(least)
    }

    /// Whether they decide about the crew.
    #[must_use]
    pub fn may_administer(self) -> bool {
        self.greatest >= Some(Permission::Admin)
    }

    /// Refuses who may not read.
    pub fn to_read(self) -> Result<(), Error> {
        self.may_read().then_some(()).ok_or(denied("reading", Permission::Read))
    }

    /// Refuses who may not write.
    pub fn to_write(self) -> Result<(), Error> {
        self.may_write().then_some(()).ok_or(denied("writing", Permission::Write))
    }

    /// Refuses who may not decide about the crew.
    pub fn to_administer(self) -> Result<(), Error> {
        self.may_administer().then_some(()).ok_or(denied("administration", Permission::Admin))
    }
}

fn denied(action: &'static str, required: Permission) -> Error {
    Error::Denied { action, reason: "you are not in the crew of this hold, or may not do that", required }
}

impl Hold {
    /// What `subject` may do here; without one, anybody. The captain may everything. Where the captain takes everybody on, whoever
    /// has an account may write, and needs no place in the crew to do so; who has one may what it says.
    pub async fn rights(&self, subject: Option<&Did>) -> Result<Rights, Error> {
        let captain = self.captain();
        let greatest = match subject {
            None => None,
            Some(subject) if *subject == captain.owner => Some(Permission::Admin),
            Some(subject) => {
                match self.member(subject).await? {
                    // Of whom something was decided, that holds.
                    Some(member) => member.permissions.into_iter().max(),
                    None => captain.allow_all_crew.then_some(Permission::Write),
                }
            }
        };
        Ok(Rights { is_public: captain.is_public, greatest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greater_implies_the_lesser() {
        let rights = |is_public, greatest| {
            let rights = Rights { is_public, greatest };
            (rights.may_read(), rights.may_write(), rights.may_administer())
        };
        for is_public in [true, false] {
            assert_eq!(rights(is_public, None), (is_public, false, false));
            assert_eq!(rights(is_public, Some(Permission::Read)), (true, false, false));
            assert_eq!(rights(is_public, Some(Permission::Write)), (true, true, false));
            assert_eq!(rights(is_public, Some(Permission::Admin)), (true, true, true));
        }
    }

    #[test]
    fn a_refusal_says_what_it_takes() {
        let rights = Rights { is_public: true, greatest: None };
        assert_eq!(
            rights.to_write().map_err(|error| error.to_string()),
            Err("access denied for writing: you are not in the crew of this hold, or may not do that \
                 (required: blob:write)"
                .to_owned())
        );
    }
}
