//! What went wrong, above a form that is shown again.

use std::fmt;

use crate::Text;

/// A paragraph that readers of screens are told of at once; nothing if nothing went wrong.
pub struct Alarm<'t>(pub Option<&'t str>);

impl fmt::Display for Alarm<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(text) => writeln!(f, "<p class=\"alarm\" role=\"alert\">{}</p>", Text(text)),
            None => Ok(()),
        }
    }
}
