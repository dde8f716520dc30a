//! Strings.

use unicode_segmentation::UnicodeSegmentation;

use super::scalar;
use crate::excerpt::excerpt;
use crate::lexicon::fault::{Checked, Fault};
use crate::lexicon::schema::{Length, Text};

/// Values that a message lists.
const LISTED: usize = 8;

pub(in crate::lexicon) fn text(of: &Text, value: &str) -> Checked {
    if let Some(constant) = of.constant.as_deref().filter(|constant| *constant != value) {
        return Fault::new(format!("must be {:?}", excerpt(constant)));
    }
    let allowed = of.allowed.as_deref();
    if let Some(allowed) =
        allowed.filter(|allowed| allowed.binary_search_by(|known| (**known).cmp(value)).is_err())
    {
        let known = listed(allowed.iter().map(AsRef::as_ref));
        return Fault::new(format!("must be {known}, but it is {:?}", excerpt(value)));
    }
    scalar::length(of.bytes, value.len() as u64, "byte", "bytes")?;
    graphemes(of.graphemes, value)?;
    match of.format {
        Some(format) if !format.is_met(value) => {
            Fault::new(format!("must have the format {}, but it is {:?}", format.name(), excerpt(value)))
        }
        _ => Ok(()),
    }
}

/// Counted only as far as it takes to decide.
fn graphemes(of: Length, value: &str) -> Checked {
    let bytes = value.len() as u64;
    // There are never more than bytes, and at least one where there are bytes.
    let is_short = of.max.is_none_or(|max| bytes <= max);
    let is_long = of.min.is_none_or(|min| min == 0 || (min == 1 && bytes > 0));
    if is_short && is_long {
        return Ok(());
    }
    let enough = of.max.map(|max| max.saturating_add(1)).max(of.min).unwrap_or_default();
    let enough = usize::try_from(enough).unwrap_or(usize::MAX);
    let count = if value.is_ascii() {
        // Each is one, but for a line break of two.
        value.len() - value.matches("\r\n").count()
    } else {
        value.graphemes(true).take(enough).count()
    };
    scalar::length(of, count as u64, "grapheme", "graphemes")
}

/// `"a"`, or `one of "a", "b"`.
pub(super) fn listed<'t>(values: impl ExactSizeIterator<Item = &'t str>) -> String {
    let count = values.len();
    let known: Vec<String> = values.take(LISTED).map(|value| format!("{:?}", excerpt(value))).collect();
    let more = if count > LISTED { ", …" } else { "" };
    if count == 1 { known.concat() } else { format!("one of {}{more}", known.join(", ")) }
}
