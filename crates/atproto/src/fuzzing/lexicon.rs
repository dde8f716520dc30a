//! Values against lexicons, both of them a stranger's.

use serde_json::{Map, Value};

use super::{MAX_MESSAGE_BYTES, check_message};
use crate::data::{self, Limits};
use crate::lexicon::{Data, Lexicon, NoOthers, params};

/// A lexicon, a line break that is none of its own, and what is compared with it.
fn split(input: &[u8]) -> Option<(Lexicon, &str)> {
    let text = str::from_utf8(input).ok()?;
    let (lexicon, rest) = text.split_once('\n')?;
    Some((Lexicon::parse(lexicon).ok()?, rest))
}

/// A record that passes as text passes as a tree, and what is wrong with another is told briefly and with its place.
pub fn lexicon_record(input: &[u8]) {
    let Some((lexicon, record)) = split(input) else { return };
    let Ok(tree) = data::parse(record.as_bytes(), &Limits::default()) else {
        // What no record is must not break anything either.
        if let Ok(data) = Data::parse(record) {
            drop(lexicon.compiled().check_record(&NoOthers, Some("self"), &data));
        }
        return;
    };
    let text = tree.to_string();
    let of_text = Data::parse(&text).expect("what was read can be read");
    let of_tree = Data::of_value(&tree).expect("it is not too deep");
    let compiled = lexicon.compiled();
    let checked = compiled.check_record(&NoOthers, Some("self"), &of_text);
    assert_eq!(checked, compiled.check_record(&NoOthers, Some("self"), &of_tree));
    if let Err(invalid) = checked {
        check_message(&invalid.to_string(), &invalid.problem);
        assert!(invalid.path.starts_with('/') || invalid.path == "record key", "{invalid}");
    }
    drop(compiled.check_input(&NoOthers, None, Some(&of_text)));
    drop(compiled.check_output(&NoOthers, Some("application/json"), Some(&of_text)));
    drop(compiled.check_message(&NoOthers, Some("#message"), &of_text));
}

/// Parameters that pass still do when defaults were added, and none that was given is lost.
pub fn xrpc_params(input: &[u8]) {
    let Some((lexicon, query)) = split(input) else { return };
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let Ok(given) = params::coerce(&lexicon, pairs) else { return };
    let mut values = given.clone();
    if let Err(error) = lexicon.compiled().check_params(&mut values, &[]) {
        assert!(error.to_string().len() <= MAX_MESSAGE_BYTES, "{error}");
        return;
    }
    let kept: Map<String, Value> = values
        .iter()
        .filter(|(key, _)| given.contains_key(*key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    assert_eq!(kept, given);
    let mut again = values.clone();
    // A default may be one that the lexicon itself does not allow; then it is told of.
    if lexicon.warnings().is_empty() {
        assert_eq!(lexicon.compiled().check_params(&mut again, &[]), Ok(()));
        assert_eq!(again, values);
    }
}
