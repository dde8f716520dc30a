//! From what went wrong to what the client is told.

use server::Problem;

use crate::service::ServiceError;

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        let text = error.to_string();
        match error {
            ServiceError::UnknownMode(_)
            | ServiceError::UnknownAccessMode(_)
            | ServiceError::Account(_)
            | ServiceError::NotChosenHere(_)
            | ServiceError::NotConfigured
            | ServiceError::WrongMode { .. }
            | ServiceError::NotRegistered
            | ServiceError::ForeignKey
            | ServiceError::MissingKey { .. }
            | ServiceError::BadFragment
            | ServiceError::ReservedFragment(_)
            | ServiceError::ServiceType { .. }
            | ServiceError::MethodExists(_)
            | ServiceError::Unchangeable(_) => Self::bad_request(text),
            ServiceError::SetupComplete | ServiceError::NoWayBack | ServiceError::RotationKeyTaken => {
                Self::forbidden(text)
            }
            ServiceError::NoSuchEntry(_) | ServiceError::NoSuchMethod(_) => Self::not_found(text),
            ServiceError::EntryExists(_) | ServiceError::Foreign(_) | ServiceError::Busy => {
                Self::conflict(text)
            }
            ServiceError::Plc(_) | ServiceError::Refused(_) | ServiceError::Directory(_) => {
                Self::bad_gateway(text).caused_by(error)
            }
            ServiceError::Pds { status, .. } if status.is_client_error() => Self::new(status, text),
            ServiceError::Pds { .. } => Self::bad_gateway(text),
            ServiceError::PdsSession(error) => error.into(),
            ServiceError::Accounts(error) => error.into(),
            ServiceError::Corrupt { .. } | ServiceError::Cache(_) | ServiceError::Store(_) => {
                Self::internal(error)
            }
        }
    }
}
