//! In which order tables can be made.

use std::collections::HashSet;

/// Names with the names they refer to become names, those that are referred to first. Tables that refer to each other, which
/// only SQLite has, come as they are.
pub(crate) fn parents_first(mut tables: Vec<(String, Vec<String>)>) -> Vec<String> {
    let mut ordered = Vec::with_capacity(tables.len());
    let mut left: HashSet<String> = tables.iter().map(|(name, _)| name.clone()).collect();
    while !tables.is_empty() {
        let waits = |(name, parents): &(String, Vec<String>)| {
            parents.iter().any(|parent| parent != name && left.contains(parent))
        };
        let (mut waiting, mut ready): (Vec<_>, Vec<_>) = tables.into_iter().partition(waits);
        if ready.is_empty() {
            ready = std::mem::take(&mut waiting);
        }
        for (name, _) in ready {
            left.remove(&name);
            ordered.push(name);
        }
        tables = waiting;
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered(tables: &[(&str, &[&str])]) -> Vec<String> {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        parents_first(tables.iter().map(|(name, parents)| ((*name).to_owned(), owned(parents))).collect())
    }

    #[test]
    fn parents_come_before_their_children() {
        let tables: [(&str, &[&str]); 4] =
            [("a", &["b", "c"]), ("b", &["c", "b"]), ("c", &["elsewhere"]), ("d", &[])];
        assert_eq!(ordered(&tables), ["c", "d", "b", "a"]);
        assert_eq!(ordered(&[("a", &["b"]), ("b", &["a"])]), ["a", "b"]);
    }
}
