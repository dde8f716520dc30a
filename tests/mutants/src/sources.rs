//! The places in the product where mistakes can be made.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// What stands before a name.
const MARK: &str = "mutant!(\"";

/// The folder of all crates of the product.
#[must_use]
pub fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates")
}

/// Every name of a mistake with the file it is in, as often as it is there.
pub fn places() -> Result<Vec<(String, PathBuf)>> {
    let mut places = Vec::new();
    for entry in fs::read_dir(crates()).context("the crates")? {
        let crate_dir = entry?.path();
        // What the macro itself says of its use is no place.
        if !crate_dir.ends_with("faults") {
            look(&crate_dir.join("src"), &mut places)?;
        }
    }
    Ok(places)
}

fn look(dir: &Path, places: &mut Vec<(String, PathBuf)>) -> Result<()> {
    if !dir.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            look(&path, places)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let names = text.split(MARK).skip(1).filter_map(|rest| rest.split('"').next());
            places.extend(names.map(|name| (name.to_owned(), path.clone())));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_catalogue_has_each_once_and_no_other() {
        let mut found = BTreeSet::new();
        for (name, path) in places().unwrap() {
            assert!(found.insert(name.clone()), "{name} is in two places, one is {}", path.display());
            let of = path.strip_prefix(crates()).unwrap().components().next().unwrap();
            let of = of.as_os_str().to_string_lossy().into_owned();
            assert!(name.starts_with(&format!("{of}-")), "{name} is in {of}");
        }
        let listed: BTreeSet<String> =
            crate::catalogue::all().unwrap().into_iter().map(|mutant| mutant.name).collect();
        assert_eq!(listed, found);
        assert!(listed.len() >= 70);
    }

    #[test]
    fn every_killer_is_a_test_that_there_is() {
        for mutant in crate::catalogue::all().unwrap() {
            let function = mutant.killer.test.rsplit("::").next().unwrap().to_owned();
            let package = crates().join(&mutant.killer.package);
            let dir = match mutant.killer.package.as_str() {
                "e2e" => crates().join("../tests/it"),
                "registry-conformance" => crates().join("../tests/registry"),
                _ => package,
            };
            assert!(has_function(&dir, &function), "{}: there is no {}", mutant.name, mutant.killer);
        }
    }

    fn has_function(dir: &Path, function: &str) -> bool {
        let Ok(entries) = fs::read_dir(dir) else { return false };
        entries.filter_map(Result::ok).any(|entry| {
            let path = entry.path();
            if path.is_dir() {
                return has_function(&path, function);
            }
            let text = fs::read_to_string(&path).unwrap_or_default();
            text.contains(&format!("fn {function}("))
        })
    }
}
