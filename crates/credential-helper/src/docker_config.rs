//! The configuration of clients: which program they ask about which registry.

use std::fs;
use std::io::{ErrorKind, Write as _};

use serde_json::{Map, Value, json};

use crate::credentials::Credentials;
use crate::host::Host;
use crate::{Error, NAME, Places, Streams};

/// Adds registries to `credHelpers`, and leaves everything else as it is.
pub(crate) fn configure(hosts: &[String], streams: &mut Streams<'_>, places: &Places) -> Result<(), Error> {
    let hosts = if hosts.is_empty() {
        Credentials::load(places)?.hosts.into_keys().collect()
    } else {
        hosts
            .iter()
            .map(|host| Host::parse(host).map(|host| host.to_string()))
            .collect::<Result<Vec<_>, _>>()?
    };
    if hosts.is_empty() {
        return Err(Error::Usage(
            "nobody is logged in anywhere; name a registry, or `login` first".to_owned(),
        ));
    }
    let path = &places.docker;
    let mut config: Map<String, Value> = match fs::read(path) {
        Ok(json) => {
            serde_json::from_slice(&json).map_err(|source| Error::Malformed { path: path.clone(), source })?
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Map::new(),
        Err(source) => return Err(Error::File { path: path.clone(), source }),
    };
    let helpers = config.entry("credHelpers").or_insert_with(|| json!({}));
    if !helpers.is_object() {
        *helpers = json!({});
    }
    for host in &hosts {
        helpers[host] = NAME.into();
    }
    save(places, &config)?;
    writeln!(streams.output, "{} asks this program about {}.", path.display(), hosts.join(", "))?;
    Ok(())
}

fn save(places: &Places, config: &Map<String, Value>) -> Result<(), Error> {
    // Whoever has made it a link to another file wants that one changed.
    let path = fs::canonicalize(&places.docker).unwrap_or_else(|_| places.docker.clone());
    let folder = path.parent().unwrap_or(&path);
    fs::create_dir_all(folder).map_err(Error::file(folder))?;
    let json = serde_json::to_vec_pretty(config);
    let json = json.map_err(|source| Error::Malformed { path: path.clone(), source })?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(Error::file(&path))?;
    file.write_all(&json).and_then(|()| file.as_file().sync_all()).map_err(Error::file(&path))?;
    if let Ok(before) = fs::metadata(&path) {
        file.as_file().set_permissions(before.permissions()).map_err(Error::file(&path))?;
    }
    file.persist(&path).map_err(|error| Error::File { path: path.clone(), source: error.error })?;
    Ok(())
}
