//! Where an attachment is: its reference, and its URL as the caller reaches this server.

use crate::wire::Base;

/// `sessions/SESSION/attachments/NAME`.
pub(super) fn reference(session: &str, name: &str) -> String {
    format!("sessions/{session}/attachments/{name}")
}

/// The URL of an attachment.
pub(super) fn url(base: &Base, session: &str, name: &str) -> String {
    format!("{base}/v1/{}", reference(session, name))
}

/// Whether it can be the name of an attachment.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains("..") && !name.contains('/')
}
