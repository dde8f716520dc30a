//! The catalogue: every mistake, what it stands for, and who must notice.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

/// The text of the catalogue.
const TEXT: &str = include_str!("../catalogue.toml");

/// A mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// As in `mutant!("name")`: the crate and what is missing.
    pub name: String,
    /// The failure that its users would see, as a sentence.
    pub models: String,
    /// The test that must fail.
    pub killer: Killer,
    /// Whether its test may also never end.
    pub may_hang: bool,
}

/// One test, by the names that cargo and its own executable know it by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Killer {
    /// The package that it belongs to.
    pub package: String,
    /// `lib`, or the name of its executable below `tests/`.
    pub target: String,
    /// Its path within that.
    pub test: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    models: String,
    killer: String,
    #[serde(default)]
    may_hang: bool,
}

/// All of them, by name.
pub fn all() -> Result<Vec<Mutant>> {
    read(TEXT)
}

/// Those that were asked for; all if none were.
pub fn of(names: &[String]) -> Result<Vec<Mutant>> {
    let all = all()?;
    if names.is_empty() {
        return Ok(all);
    }
    let find = |name: &String| all.iter().find(|mutant| mutant.name == *name).cloned();
    names.iter().map(|name| find(name).with_context(|| format!("the catalogue has no `{name}`"))).collect()
}

fn read(text: &str) -> Result<Vec<Mutant>> {
    let entries: BTreeMap<String, Entry> = toml::from_str(text).context("the catalogue cannot be read")?;
    entries.into_iter().map(|(name, entry)| entry.named(name)).collect()
}

impl Entry {
    fn named(self, name: String) -> Result<Mutant> {
        let Self { models, killer, may_hang } = self;
        let killer: Killer = killer.parse().with_context(|| format!("the killer of `{name}`"))?;
        ensure!(models.ends_with('.'), "what `{name}` models is no sentence");
        Ok(Mutant { name, models, killer, may_hang })
    }
}

impl FromStr for Killer {
    type Err = anyhow::Error;

    fn from_str(words: &str) -> Result<Self> {
        let parts: Vec<String> = words.split(' ').map(str::to_owned).collect();
        let Ok([package, target, test]) = <[String; 3]>::try_from(parts) else {
            bail!("`{words}` is not PACKAGE TARGET TEST")
        };
        Ok(Self { package, target, test })
    }
}

impl fmt::Display for Killer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.package, self.target, self.test)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_whole_is_refused() {
        let good = "[a-b]\nmodels = \"It fails.\"\nkiller = \"a it tests::x\"\n";
        let [mutant] = &read(good).unwrap()[..] else { panic!("one entry") };
        assert_eq!((mutant.name.as_str(), mutant.killer.test.as_str()), ("a-b", "tests::x"));
        for bad in [
            good.replace("it tests::x", "tests::x"),
            good.replace("fails.", "fails"),
            format!("{good}{good}"),
            format!("{good}more = 1\n"),
        ] {
            assert!(read(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn names_begin_with_the_crate_that_errs() {
        for mutant in all().unwrap() {
            let known = std::fs::read_dir(crate::sources::crates()).unwrap().filter_map(Result::ok);
            let mut known = known.map(|entry| entry.file_name().to_string_lossy().into_owned());
            let is_known = known.any(|name| mutant.name.starts_with(&format!("{name}-")));
            assert!(is_known, "{}", mutant.name);
        }
    }
}
