//! Tables of accounts as Mastodon writes them: one a line, the address first.

/// Longer tables are several.
pub(super) const MAX_ROWS: usize = 5_000;

/// The addresses in a table, each once, in their order; whatever is in other columns is passed over.
pub(super) fn addresses(table: &str) -> Vec<String> {
    let mut addresses: Vec<String> = Vec::new();
    let mut known = std::collections::HashSet::new();
    for line in table.trim_start_matches('\u{feff}').lines() {
        let first =
            line.split(',').next().unwrap_or_default().trim().trim_matches('"').trim_start_matches('@');
        // The line that names the columns has a space in it, as no address has.
        if first.is_empty() || first.contains(char::is_whitespace) || first.len() > 512 {
            continue;
        }
        if known.insert(first.to_lowercase()) {
            addresses.push(first.to_owned());
        }
    }
    addresses
}

#[cfg(test)]
mod tests {
    use super::addresses;

    #[test]
    fn tables_of_mastodon() {
        let follows = "Account address,Show boosts,Notify on new posts,Languages\r\nbob@p.example,true,false,\r\n\"Eve@q.example\",true,false,en\r\n";
        assert_eq!(addresses(follows), ["bob@p.example", "Eve@q.example"]);
        assert_eq!(addresses("bob@p.example\n@BOB@p.example\n\n ann \n"), ["bob@p.example", "ann"]);
    }

    proptest::proptest! {
        #[test]
        fn no_table_is_too_strange(table in "\\PC{0,200}") {
            for address in addresses(&table) {
                assert!(!address.contains([',', ' ', '\n']));
            }
        }
    }
}
