//! What belongs together in a batch.

use std::collections::HashMap;
use std::hash::Hash;

/// The places of equal keys: each group in the order of the batch, the groups in that of their first.
pub(crate) fn groups<K: Eq + Hash>(keys: impl IntoIterator<Item = K>) -> Vec<Vec<usize>> {
    let (mut groups, mut known) = (Vec::<Vec<usize>>::new(), HashMap::new());
    for (place, key) in keys.into_iter().enumerate() {
        let group = *known.entry(key).or_insert(groups.len());
        if group == groups.len() {
            groups.push(Vec::new());
        }
        groups[group].push(place);
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_stay_together_and_in_order() {
        assert_eq!(groups(["b", "a", "b", "c", "a"]), [vec![0, 2], vec![1, 4], vec![3]]);
        assert!(groups([""; 0]).is_empty());
    }
}
