//! The log of a DID, from its first operation to its present state.

use serde_json::value::RawValue;

use super::{PlcError, SignedOperation};
use crate::Did;
use crate::data::{DataError, Limits, check_size};
use crate::excerpt::excerpt;

/// Bounds of a log as JSON: room for hundreds of operations of usual size.
const LIMITS: Limits = Limits { bytes: 1 << 20, depth: 8 };

/// Reads the log of `did` as the directory serves it at `/DID/log`, and returns its last operation. Every operation is
/// verified against the one before it and the first one against the DID, so that a lying directory cannot make us sign
/// a state nobody authorized; it can still leave out the newest operations, or
/// operations that were undone by one made later than the 72 hours it allows.
pub fn latest(log: &[u8], did: &Did) -> Result<SignedOperation, PlcError> {
    let mut operations = operations(log)?.into_iter();
    let first = operations.next().ok_or_else(|| PlcError::Empty(did.clone()))?;
    if first.did().as_ref() != Some(did) {
        return Err(PlcError::WrongDid(did.clone()));
    }
    verify(&first, &first, did)?;
    operations.try_fold(first, |previous, next| {
        if next.prev() != Some(previous.cid()) {
            return Err(PlcError::WrongPrevious(next.cid()));
        }
        verify(&next, &previous, did)?;
        Ok(next)
    })
}

fn operations(log: &[u8]) -> Result<Vec<SignedOperation>, PlcError> {
    check_size(log.len(), &LIMITS)?;
    let operations: Vec<&RawValue> =
        serde_json::from_slice(log).map_err(|error| DataError::NotJson(excerpt(&error.to_string())))?;
    operations.into_iter().map(|operation| SignedOperation::parse(operation.get().as_bytes())).collect()
}

fn verify(operation: &SignedOperation, authority: &SignedOperation, did: &Did) -> Result<(), PlcError> {
    let authority = authority.operation().ok_or_else(|| PlcError::Tombstoned(did.clone()))?;
    operation.verify(&authority.rotation_keys)
}
