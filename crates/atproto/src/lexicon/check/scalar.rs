//! Booleans, integers and lengths.

use crate::lexicon::fault::{Checked, Fault};
use crate::lexicon::schema::{Integer, Length};

pub(in crate::lexicon) fn boolean(constant: Option<bool>, value: bool) -> Checked {
    match constant {
        Some(constant) if constant != value => Fault::new(format!("must be {constant}")),
        _ => Ok(()),
    }
}

pub(in crate::lexicon) fn integer(of: &Integer, value: i64) -> Checked {
    if let Some(constant) = of.constant.filter(|constant| *constant != value) {
        return Fault::new(format!("must be {constant}"));
    }
    if let Some(allowed) = of.allowed.as_deref().filter(|allowed| allowed.binary_search(&value).is_err()) {
        let listed: Vec<String> = allowed.iter().take(10).map(i64::to_string).collect();
        let more = if allowed.len() > listed.len() { ", …" } else { "" };
        return Fault::new(format!("must be one of {}{more}", listed.join(", ")));
    }
    if let Some(min) = of.min.filter(|min| value < *min) {
        return Fault::new(format!("less than {min}"));
    }
    if let Some(max) = of.max.filter(|max| value > *max) {
        return Fault::new(format!("more than {max}"));
    }
    Ok(())
}

pub(in crate::lexicon) fn length(of: Length, count: u64, one: &str, many: &str) -> Checked {
    let unit = |limit: u64| if limit == 1 { one } else { many }.to_owned();
    if let Some(min) = of.min.filter(|min| count < *min) {
        return Fault::new(format!("shorter than {min} {}", unit(min)));
    }
    if let Some(max) = of.max.filter(|max| count > *max) {
        return Fault::new(format!("longer than {max} {}", unit(max)));
    }
    Ok(())
}
