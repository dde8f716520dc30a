//! The property of the fuzz target on every run: lines that belong together and lines that do not, whole and broken.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use store::dump::fuzzing;

use super::{SCHEMAS, fill, unpack};

/// What some program might have written instead.
const FOREIGN: [&str; 16] = [
    "",
    "[]",
    "[null,null]",
    "[[1]]",
    "[1.5]",
    "[{\"real\":\"x\"},{\"blob\":\"!\"}]",
    "[18446744073709551615]",
    "{\"table\":{\"name\":\"nothing\",\"columns\":[]}}",
    "{\"table\":{\"name\":\"parent\",\"columns\":[\"id\",\"id\"]}}",
    "{\"script_table\":{\"name\":\"votes\",\"create\":null,\"columns\":[\"n\"]}}",
    "{\"script_table\":{\"name\":\"votes\",\"create\":\"CREATE TABLE votes (n INTEGER)\",\"columns\":[\"n\"]}}",
    "{\"end\":{\"tables\":{},\"sha256\":\"\"}}",
    "{\"backup\":{\"format\":1,\"program\":\"\",\"engine\":\"\",\"at\":-1,\"applied\":[]}}",
    "{\"backup\":{\"format\":2,\"program\":\"\",\"engine\":\"\",\"at\":0,\"applied\":[{\"schema\":\"everything\",\"id\":1,\"name\":\"everything\"}]}}",
    "{\"backup\":{\"format\":3,\"program\":\"9\"}}",
    "\u{0}\u{fffd}",
];

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_in_a_file_is_taken_in_as_a_whole_or_refused() {
    let place = testkit::TestDatabase::sqlite();
    let store = place.open(SCHEMAS).await;
    fill(&store).await;
    let dump = super::dump(&store).await;
    fuzzing::dump(&dump, SCHEMAS);
    let lines = unpack(&dump);
    fuzzing::dump(lines.as_bytes(), SCHEMAS);
    let lines: Vec<String> = lines.lines().map(|line| format!("{line}\n")).collect();

    let any_line =
        select(lines.iter().cloned().chain(FOREIGN.map(|line| format!("{line}\n"))).collect::<Vec<_>>());
    // A dump in which lines are changed for others, are missing, or have come to it.
    let changed = vec((any::<Index>(), prop::option::of(any_line.clone()), any::<bool>()), 0..4);
    let whole = lines[..lines.len() - 1].to_vec();
    let nearly = changed.prop_map(move |changes| {
        let mut lines = whole.clone();
        for (at, line, is_more) in changes {
            let at = at.index(lines.len());
            lines.splice(at..at + usize::from(!is_more), line);
            lines.resize_with(lines.len().max(1), String::new);
        }
        lines.concat().into_bytes()
    });
    let shuffled = vec(any_line, 0..8).prop_map(|lines| lines.concat().into_bytes());
    let broken = (nearly.clone(), any::<Index>(), any::<u8>()).prop_map(|(mut bytes, at, byte)| {
        if !bytes.is_empty() {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes
    });
    let inputs = prop_oneof![1 => vec(any::<u8>(), 0..200), 2 => shuffled, 4 => nearly, 3 => broken];
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) };
    proptest!(config, |(input in inputs)| fuzzing::dump(&input, SCHEMAS));
}

/// A few bytes of a file can stand for very many values, and its words for anything.
#[test]
fn what_would_grow_without_bound_is_refused() {
    let header = FOREIGN[13];
    let columns = vec!["\"n\""; 3000].join(",");
    let table = |n: u32| format!("{{\"table\":{{\"name\":\"t{n}\",\"columns\":[]}}}}\n");
    let tables = (0..10_001).map(table).collect::<Vec<_>>().concat();
    for (lines, why) in [
        (
            format!("{header}\n{{\"table\":{{\"name\":\"{}\",\"columns\":[]}}}}\n", "n".repeat(1001)),
            "too long",
        ),
        (format!("{header}\n{{\"table\":{{\"name\":\"n\",\"columns\":[{columns}]}}}}\n"), "at most 2000"),
        (
            format!(
                "{header}\n{{\"table\":{{\"name\":\"n\",\"columns\":[\"n\"]}}}}\n[1,{}1]\n",
                "2,".repeat(100_000)
            ),
            "at most 1",
        ),
        (format!("{header}\n{tables}"), "more tables"),
        (format!("{header}\n{{\"{}\":1}}\n", "no such mark ".repeat(10_000)), "cannot be read"),
    ] {
        let refused = store::dump::check(&*super::pack(&lines)).unwrap_err().to_string();
        assert!(refused.contains(why) && refused.len() < 1000, "{why}: {refused}");
    }
    let foreign = format!("{{\"backup\":{{\"format\":9,\"program\":\"{}\\u001b[2J\"}}}}\n", "9".repeat(100));
    let refused = store::dump::check(&*super::pack(&foreign)).unwrap_err().to_string();
    assert!(!refused.contains('\u{1b}'), "{refused:?}");
}
