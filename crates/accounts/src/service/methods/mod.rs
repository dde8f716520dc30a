//! Further keys of this server's document, for what others want to verify.

mod change;
mod method;

pub use method::VerificationMethod;
