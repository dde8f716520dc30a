//! Which repositories are copied, and what they are called here.

use anyhow::Result;
use oci::RepositoryName;
use registry_client::{Error, Source};

use crate::failure::Failure;

/// Each with its name here, and what is odd about others.
type Wanted = (Vec<(String, RepositoryName)>, Vec<Error>);

pub(super) async fn wanted(source: &Source, below: &str, chosen: &[String], owner: &str) -> Result<Wanted> {
    let (mut copied, mut odd) = (Vec::new(), Vec::new());
    if let Source::Oci(_) = source {
        let [name] = chosen else {
            let help = "say what it is to be called here with --repository NAME";
            return Err(
                Failure::new("images in a folder belong to one repository, which has no name", help).into()
            );
        };
        return Ok((vec![(String::new(), here(owner, name)?)], odd));
    }
    let is_one = !below.is_empty() && chosen.is_empty() && source.has(below).await?;
    let names = if is_one {
        vec![below.to_owned()]
    } else if chosen.is_empty() {
        let (names, more) = source.repositories(below).await.map_err(unlisted)?;
        odd = more;
        names
    } else {
        chosen
            .iter()
            .map(|name| if below.is_empty() { name.clone() } else { format!("{below}/{name}") })
            .collect()
    };
    for name in names {
        // A single repository is called as it is, all others as they are behind what was named.
        let short = if is_one { name.rsplit('/').next() } else { name.strip_prefix(below) };
        match here(owner, short.unwrap_or(&name).trim_start_matches('/')) {
            Ok(to) => copied.push((name, to)),
            Err(_) if chosen.is_empty() => odd.push(Error::Missing(format!("a name for {name:?}"))),
            Err(error) => return Err(error),
        }
    }
    if copied.is_empty() && odd.is_empty() {
        let help = "name repositories of the source with --repository NAME";
        return Err(Failure::new("there is nothing to import", help).into());
    }
    Ok((copied, odd))
}

fn here(owner: &str, name: &str) -> Result<RepositoryName> {
    RepositoryName::parse(&format!("{owner}/{name}")).map_err(|error| {
        Failure::new(error.message().to_owned(), "--as says whose it is to be, and --repository which").into()
    })
}

/// Many registries do not say what they have.
fn unlisted(error: Error) -> anyhow::Error {
    match error {
        Error::Denied { .. } | Error::Strange { .. } | Error::Status { .. } => {
            Failure::new(error.to_string(), "name its repositories with --repository NAME").into()
        }
        error => error.into(),
    }
}
