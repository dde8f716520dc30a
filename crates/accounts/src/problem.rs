//! What a failed operation means to whoever asked for it over HTTP.

use http::StatusCode;
use server::Problem;

use crate::Error;

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let status = match &error {
            Error::UnknownPermission(_)
            | Error::UnknownTemplate(_)
            | Error::KeyName { .. }
            | Error::KeyHash
            | Error::NoSuchOwner(_)
            | Error::UnknownSetting(_)
            | Error::SettingValue { .. }
            | Error::Logo(_)
            | Error::ProxyPattern(_)
            | Error::DomainUrl(_)
            | Error::PrimaryDomain => StatusCode::BAD_REQUEST,
            Error::Escalation(_) | Error::Forbidden(_) | Error::NotAUser => StatusCode::FORBIDDEN,
            Error::NoSuchUser(_) | Error::NoSuchKey(_) | Error::NoSuchDomain(_) => StatusCode::NOT_FOUND,
            Error::UserExists(_) => StatusCode::CONFLICT,
            Error::CorruptPermissions { .. }
            | Error::MasterSecret(_)
            | Error::Sealing
            | Error::Sealed { .. }
            | Error::Randomness
            | Error::Store(_) => return Self::internal(error),
        };
        Self::new(status, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_failures_say_nothing_about_themselves() {
        let sealed = Error::Sealed { purpose: "pds tokens", row_id: "secret row".to_owned() };
        let problem = Problem::from(sealed);
        assert_eq!((problem.status.as_u16(), &*problem.message), (500, "Internal server error"));
        assert!(problem.cause().is_some());
    }

    #[test]
    fn mistakes_of_the_caller_say_what_to_do() {
        for (error, status) in [
            (Error::UnknownTemplate("boss".to_owned()), 400),
            (Error::PrimaryDomain, 400),
            (Error::NotAUser, 403),
            (Error::NoSuchUser("x".to_owned()), 404),
            (Error::UserExists("did:plc:x".to_owned()), 409),
        ] {
            let message = error.to_string();
            let problem = Problem::from(error);
            assert_eq!((problem.status.as_u16(), &*problem.message), (status, &*message));
        }
    }
}
