//! The text of every setting and where it comes from.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use accounts::settings::environment_variables;

use super::error::Error;
use super::flags::Flags;
use super::origin::Origin;
use super::setting::{Kind, Setting};
use super::{dotenv, file, table};

/// What the file in the data folder is called.
const FILE_NAME: &str = "belvedere.toml";

/// Stands for what must not be shown.
const HIDDEN: &str = "***";

/// The outside of the process, as far as it configures it.
pub(super) struct Surroundings<'a> {
    /// What the command line says.
    pub(super) flags: &'a Flags,
    /// The environment: a variable's value by its name.
    pub(super) variable: &'a dyn Fn(&str) -> Option<String>,
    /// Where `.env` is looked for.
    pub(super) working_dir: &'a Path,
}

/// One text and who said it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// As written. Empty when nobody says anything and there is no default.
    pub(crate) text: String,
    /// Who said it.
    pub(crate) origin: Origin,
}

impl Found {
    fn default_of(setting: &Setting) -> Self {
        Self { text: setting.default.to_owned(), origin: Origin::Default }
    }
}

/// The texts of all settings: a flag counts before a variable, that before `.env`, the file and the default.
pub(crate) struct Values {
    settings: HashMap<&'static str, Found>,
    /// Variables that are passed on as they are.
    environment: HashMap<String, String>,
    /// The names of the variables in `.env`.
    in_dotenv: Vec<String>,
}

impl Values {
    /// Reads the environment, `.env` and the configuration file of this process.
    pub(crate) fn load(flags: &Flags) -> Result<Self, Error> {
        let variable = |name: &str| std::env::var(name).ok();
        Self::collect(&Surroundings { flags, variable: &variable, working_dir: Path::new(".") })
    }

    /// What the table says.
    pub(super) fn defaults() -> Self {
        let default = |setting: &&Setting| (setting.key, Found::default_of(setting));
        Self {
            settings: table::ALL.iter().map(default).collect(),
            environment: HashMap::new(),
            in_dotenv: Vec::new(),
        }
    }

    /// Asks everybody. A text that is empty counts as not given, as compose files write variables that are not set.
    pub(super) fn collect(surroundings: &Surroundings<'_>) -> Result<Self, Error> {
        let dotenv = dotenv::read(&surroundings.working_dir.join(".env"))?;
        let outside = |setting: &Setting| surroundings.find(setting, &dotenv);
        let file = match outside(&table::CONFIG)? {
            Some(named) => Some(PathBuf::from(named.text)),
            None => file_in_data_dir(outside(&table::DATA_DIR)?),
        };
        let (path, in_file) = match file {
            Some(path) => (path.clone(), file::read(&path)?),
            None => Default::default(),
        };
        let inside = |setting: &Setting| {
            let text = in_file.get(setting.key).filter(|text| !text.is_empty())?;
            Some(Found { text: text.clone(), origin: Origin::File(path.clone()) })
        };
        let mut values = Self {
            environment: surroundings.environment(&dotenv),
            in_dotenv: dotenv.keys().cloned().collect(),
            ..Self::defaults()
        };
        values.set(&table::CONFIG, Found { text: path.display().to_string(), origin: Origin::Default });
        for setting in table::ALL {
            if let Some(found) = outside(setting)?.or_else(|| inside(setting)) {
                values.set(setting, found);
            }
        }
        Ok(values)
    }

    fn set(&mut self, setting: &'static Setting, found: Found) {
        self.settings.insert(setting.key, found);
    }

    /// The text of a setting and who said it.
    pub(crate) fn get(&self, setting: &Setting) -> Found {
        self.settings.get(setting.key).cloned().unwrap_or_else(|| Found::default_of(setting))
    }

    /// The value of a setting that has a default. `read` returns what is wrong with the text.
    pub(crate) fn value<T>(
        &self,
        setting: &Setting,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, Error> {
        let Found { text, origin } = self.get(setting);
        read(&text).map_err(|problem| Error::Value { key: setting.key, problem, origin })
    }

    /// The value of a setting that may be left out.
    pub(crate) fn optional<T>(
        &self,
        setting: &Setting,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, Error> {
        if self.get(setting).text.is_empty() { Ok(None) } else { self.value(setting, read).map(Some) }
    }

    /// The variables that accounts fall back to while nobody has set something else in the running server.
    pub(crate) fn environment(&self) -> &HashMap<String, String> {
        &self.environment
    }

    /// The names of the variables in `.env`, whatever they are for.
    pub(crate) fn in_dotenv(&self) -> &[String] {
        &self.in_dotenv
    }

    /// The text of a setting without what is secret in it; nothing if there is none.
    pub(crate) fn shown(&self, setting: &Setting) -> Option<String> {
        let Found { text, .. } = self.get(setting);
        match setting.kind {
            _ if text.is_empty() => None,
            Kind::SecretUrl => Some(without_password(&text)),
            Kind::Secret => Some(HIDDEN.to_owned()),
            _ => Some(text),
        }
    }
}

impl Surroundings<'_> {
    fn environment(&self, dotenv: &HashMap<String, String>) -> HashMap<String, String> {
        let of_process = |name: &str| (self.variable)(name).filter(|text| !text.is_empty());
        let in_file = |name: &str| dotenv.get(name).filter(|text| !text.is_empty()).cloned();
        let given = |name: &str| Some((name.to_owned(), of_process(name).or_else(|| in_file(name))?));
        environment_variables().filter_map(given).collect()
    }

    fn find(&self, setting: &Setting, dotenv: &HashMap<String, String>) -> Result<Option<Found>, Error> {
        if let Some(text) = self.flags.get(setting) {
            return Ok(Some(Found { text, origin: Origin::Flag(setting.flag) }));
        }
        let variable = |name: &str| (self.variable)(name);
        match first(setting, variable, |name| Origin::Variable(name.to_owned()))? {
            Some(found) => Ok(Some(found)),
            None => first(setting, |name| dotenv.get(name).cloned(), |name| Origin::DotEnv(name.to_owned())),
        }
    }
}

/// The first of a setting's variables that has a text. One of a secret may name a file instead, as container engines hand secrets over:
/// `MASTER_SECRET_FILE=/run/secrets/master`.
fn first(
    setting: &Setting,
    text: impl Fn(&str) -> Option<String>,
    origin: impl Fn(&str) -> Origin,
) -> Result<Option<Found>, Error> {
    let given = |name: &str| text(name).filter(|text| !text.is_empty());
    for name in setting.variables {
        if let Some(text) = given(name) {
            return Ok(Some(Found { text, origin: origin(name) }));
        }
        let in_file = format!("{name}_FILE");
        if setting.kind.is_secret()
            && let Some(path) = given(&in_file)
        {
            return Ok(Some(Found { text: file::secret(Path::new(&path))?, origin: origin(&in_file) }));
        }
    }
    Ok(None)
}

fn file_in_data_dir(data_dir: Option<Found>) -> Option<PathBuf> {
    let dir = data_dir.map_or_else(|| table::DATA_DIR.default.to_owned(), |found| found.text);
    let path = Path::new(&dir).join(FILE_NAME);
    path.exists().then_some(path)
}

/// Hides what must not be shown; a text that is no URL is hidden whole, since nobody knows what is in it.
fn without_password(text: &str) -> String {
    match url::Url::parse(text) {
        Ok(url) if url.password().is_none() => text.to_owned(),
        Ok(mut url) => match url.set_password(Some(HIDDEN)) {
            Ok(()) => url.into(),
            Err(()) => HIDDEN.to_owned(),
        },
        Err(_) => HIDDEN.to_owned(),
    }
}
