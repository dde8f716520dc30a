//! Who counts before whom, and how mistakes are told.

use std::fs;

use tempfile::TempDir;

use super::setting::Kind;
use super::values::Surroundings;
use super::*;

/// A working directory with a data folder in it, and the variables set there.
struct Place {
    dir: TempDir,
    variables: Vec<(&'static str, &'static str)>,
}

impl Place {
    fn new(variables: &[(&'static str, &'static str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("data")).unwrap();
        Self { dir, variables: variables.to_vec() }
    }

    fn with(self, file: &str, text: &str) -> Self {
        fs::write(self.dir.path().join(file), text).unwrap();
        self
    }

    /// Loads with the data folder named by a flag, so that tests need not change the working directory.
    fn values(&self, flags: Flags) -> Result<Values, Error> {
        let data = self.dir.path().join("data");
        let flags = flags.and(table::DATA_DIR.key, data.to_str().unwrap());
        let variable = |name: &str| {
            self.variables.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned())
        };
        Values::collect(&Surroundings { flags: &flags, variable: &variable, working_dir: self.dir.path() })
    }

    fn settings(&self, flags: Flags) -> Settings {
        Settings::new(&self.values(flags).unwrap()).unwrap()
    }

    fn problem(&self) -> String {
        let error = self.values(Flags::default()).and_then(|values| Settings::new(&values)).unwrap_err();
        error.to_string().replace(self.dir.path().to_str().unwrap(), "DIR")
    }
}

fn port(values: &Values) -> (u16, String) {
    let origin = values.get(&table::PORT).origin.to_string();
    (Settings::new(values).unwrap().port, origin.split_inclusive('/').next_back().unwrap().to_owned())
}

#[test]
fn the_stronger_source_counts() {
    let everywhere =
        |variables| Place::new(variables).with(".env", "PORT=3").with("data/belvedere.toml", "port = 4");
    let all = everywhere(&[("PORT", "2")]);
    let flags = Flags::from([("port", "1")]);
    assert_eq!(port(&all.values(flags).unwrap()), (1, "flag --port".to_owned()));
    assert_eq!(port(&all.values(Flags::default()).unwrap()), (2, "environment variable PORT".to_owned()));
    let no_variable = everywhere(&[]);
    assert_eq!(port(&no_variable.values(Flags::default()).unwrap()), (3, "variable PORT in .env".to_owned()));
    let only_file = Place::new(&[]).with("data/belvedere.toml", "port = 4");
    assert_eq!(port(&only_file.values(Flags::default()).unwrap()), (4, "belvedere.toml".to_owned()));
    assert_eq!(port(&Place::new(&[]).values(Flags::default()).unwrap()), (3000, "default".to_owned()));
}

#[test]
fn an_empty_text_is_not_given() {
    let place = Place::new(&[("PORT", ""), ("CACHE_URL", "")])
        .with("data/belvedere.toml", "port = 4\nplc_url = \"\"");
    let settings = place.settings(Flags::default());
    assert_eq!(settings.port, 4);
    assert_eq!(settings.cache_url, None);
    assert_eq!(settings.plc_url.as_str(), "https://plc.directory/");
}

#[test]
fn a_secret_may_be_in_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("secret");
    fs::write(&path, "a secret of more than thirty-two bytes\n").unwrap();
    let path: &'static str = path.to_str().unwrap().to_owned().leak();
    let place = Place::new(&[("MASTER_SECRET_FILE", path), ("PORT_FILE", path)]);
    let found = place.values(Flags::default()).unwrap().get(&table::MASTER_SECRET);
    assert_eq!(found.text, "a secret of more than thirty-two bytes");
    assert_eq!(found.origin.to_string(), "environment variable MASTER_SECRET_FILE");
    assert_eq!(place.settings(Flags::default()).port, 3000, "only what is secret");
    let both = Place::new(&[("MASTER_SECRET_FILE", "/nowhere"), ("MASTER_SECRET", "itself")]);
    assert_eq!(both.values(Flags::default()).unwrap().get(&table::MASTER_SECRET).text, "itself");
    let problem = Place::new(&[("MASTER_SECRET_FILE", "/nowhere")]).problem();
    assert!(problem.starts_with("/nowhere: "), "{problem}");
}

#[test]
fn another_servers_variable_counts_after_our_own() {
    let theirs = Place::new(&[("HAPPYVIEW_USER_AGENT", "theirs")]);
    assert_eq!(theirs.settings(Flags::default()).user_agent, "theirs");
    let both = Place::new(&[("HAPPYVIEW_USER_AGENT", "theirs"), ("USER_AGENT", "ours")]);
    assert_eq!(both.settings(Flags::default()).user_agent, "ours");
}

#[test]
fn a_file_can_be_named_and_says_everything() {
    let text = "apps = [\"appview\"]\ndev = true\nhost = \"::1\"\ndatabase_max_connections = 9\n";
    let place = Place::new(&[]).with("other.toml", text).with("data/belvedere.toml", "port = 4");
    let other = place.dir.path().join("other.toml");
    let settings = place.settings(Flags::from([("config", other.to_str().unwrap())]));
    assert_eq!(settings.apps, [AppName::Appview]);
    assert!(settings.dev);
    assert_eq!(settings.host.to_string(), "::1");
    assert_eq!(settings.database.max_connections, 9);
    assert_eq!(settings.port, 3000, "the file in the data folder is not read beside a named one");
}

#[test]
fn the_file_that_was_read_is_told() {
    let place = Place::new(&[]).with("data/belvedere.toml", "");
    let values = place.values(Flags::default()).unwrap();
    assert!(values.get(&table::CONFIG).text.ends_with("data/belvedere.toml"));
}

#[test]
fn a_named_file_must_exist() {
    let error = Place::new(&[("BELVEDERE_CONFIG", "/nowhere.toml")]).problem();
    assert_eq!(error, "/nowhere.toml: No such file or directory (os error 2)");
}

#[test]
fn mistakes_in_the_file_are_named() {
    for (text, problem) in [
        ("plc_ulr = \"x\"", "DIR/data/belvedere.toml: unknown key `plc_ulr`; did you mean `plc_url`?"),
        (
            "JETSTREAM-URL = \"x\"",
            "DIR/data/belvedere.toml: unknown key `JETSTREAM-URL`; did you mean `jetstream_url`?",
        ),
        ("colour = \"red\"", "DIR/data/belvedere.toml: unknown key `colour`"),
        ("config = \"x\"", "DIR/data/belvedere.toml: unknown key `config`"),
        ("port = 1.5", "port: `1.5` is not a port from 0 to 65535 (file DIR/data/belvedere.toml)"),
        ("port = {}", "DIR/data/belvedere.toml: `port` must be text, a number, true or false"),
        ("port = 70000", "port: `70000` is not a port from 0 to 65535 (file DIR/data/belvedere.toml)"),
    ] {
        assert_eq!(Place::new(&[]).with("data/belvedere.toml", text).problem(), problem, "{text}");
    }
    let problem = Place::new(&[]).with("data/belvedere.toml", "port = 1\nhost =\n").problem();
    assert!(problem.starts_with("DIR/data/belvedere.toml: line 2: "), "{problem}");
}

#[test]
fn mistakes_in_variables_are_named() {
    let error = Place::new(&[("PORT", "http")]).problem();
    assert_eq!(error, "port: `http` is not a port from 0 to 65535 (environment variable PORT)");
    let error = Place::new(&[]).with(".env", "BELVEDERE_DEV=maybe").problem();
    assert_eq!(error, "dev: `maybe` is not true or false (variable BELVEDERE_DEV in .env)");
    let error = Place::new(&[]).with(".env", "PORT").problem();
    assert_eq!(error, "DIR/.env: line 1: expected NAME=value");
}

#[test]
fn passwords_are_not_shown() {
    let place = Place::new(&[
        ("DATABASE_URL", "postgres://me:secret@db/belvedere"),
        ("CACHE_URL", "redis://:secret@cache:6379/0"),
    ]);
    let values = place.values(Flags::default()).unwrap();
    assert_eq!(values.shown(&table::DATABASE_URL).unwrap(), "postgres://me:***@db/belvedere");
    assert_eq!(values.shown(&table::CACHE_URL).unwrap(), "redis://:***@cache:6379/0");
    assert_eq!(values.shown(&table::DNS_SERVER), None);
}

#[test]
fn secrets_are_not_shown() {
    let place = Place::new(&[("MASTER_SECRET", "correct horse battery staple and more")])
        .with(".env", "TOKEN_ENCRYPTION_KEY=c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U=");
    let values = place.values(Flags::default()).unwrap();
    assert_eq!(values.shown(&table::MASTER_SECRET).unwrap(), "***");
    let settings = Settings::new(&values).unwrap();
    assert_eq!(settings.master_secret.as_ref().unwrap().expose(), "correct horse battery staple and more");
    let debug = format!("{settings:?}");
    assert!(!debug.contains("horse") && !debug.contains("c2Vjcm"), "{debug}");
    let problem = Place::new(&[]).with("data/belvedere.toml", "master_secret = \"horse\"").problem();
    assert_eq!(
        problem,
        "master_secret: it has 5 bytes and needs at least 32; `openssl rand -base64 32` makes one \
         (file DIR/data/belvedere.toml)"
    );
}

#[test]
fn an_app_at_github_is_whole_or_not_at_all() {
    let whole = [
        ("GITHUB_CLIENT_ID", "Iv1.x"),
        ("GITHUB_CLIENT_SECRET", "hush"),
        ("GITHUB_REDIRECT_URL", "https://relay.example/v1/connect/github/callback"),
    ];
    let settings = Place::new(&whole).settings(Flags::default());
    assert_eq!(settings.relay.github.app.as_ref().unwrap().client_id, "Iv1.x");
    assert!(settings.relay.github.is_public() && !format!("{settings:?}").contains("hush"));
    let settings = Place::new(&[("GITHUB_WEBHOOK_SECRET", "hush")]).settings(Flags::default());
    assert!(settings.relay.github.app.is_none() && settings.relay.github.webhook_secret.is_some());
    for (variables, problem) in [
        (
            &whole[..1],
            "github_client_id: it is of no use without github_client_secret and github_redirect_url; set all three, \
             or none (environment variable GITHUB_CLIENT_ID)",
        ),
        (
            &whole[1..],
            "github_client_secret: it is of no use without github_client_id; set all three, or none (environment \
             variable GITHUB_CLIENT_SECRET)",
        ),
        (
            &[("GITHUB_REDIRECT_URL", "relay.example")],
            "github_redirect_url: `relay.example` is not a URL that begins with https:// or http:// (environment \
             variable GITHUB_REDIRECT_URL)",
        ),
    ] {
        assert_eq!(Place::new(variables).problem(), problem);
    }
    let own = Place::new(&[("GITHUB_URL", "https://git.corp.example")]).settings(Flags::default());
    assert!(!own.relay.github.is_public());
}

#[test]
fn defaults_of_live_settings_are_passed_on() {
    let place = Place::new(&[("APP_NAME", "Mine"), ("TOS_URI", ""), ("PORT", "4")])
        .with(".env", "APP_NAME=Other\nTOS_URI=https://example.com/tos\nHOST=::1");
    let environment = place.settings(Flags::default()).environment;
    let expected = [("APP_NAME", "Mine"), ("TOS_URI", "https://example.com/tos")];
    assert_eq!(environment, expected.map(|(name, text)| (name.to_owned(), text.to_owned())).into());
}

#[test]
fn the_table_is_regular() {
    for setting in table::ALL {
        let flag = if setting.kind == Kind::Secret { String::new() } else { setting.key.replace('_', "-") };
        assert_eq!(setting.flag, flag);
        assert!(!setting.variables.is_empty() && !setting.help.is_empty(), "{}", setting.key);
        assert!(setting.help.ends_with('.'), "{}", setting.key);
        assert!(!setting.default_text().is_empty(), "{}", setting.key);
        let bare = matches!(setting.kind, Kind::Switch | Kind::Secret);
        assert_eq!(bare, setting.placeholder.is_empty(), "{}", setting.key);
    }
}

#[test]
fn what_hardly_was_meant_is_said() {
    let of = |variables: &[(&'static str, &'static str)]| {
        let settings = Place::new(variables).settings(Flags::default());
        warnings(&settings, variables.iter().map(|(name, _)| (*name).to_owned()))
    };
    assert_eq!(of(&[]), [""; 0]);
    assert_eq!(of(&[("HOST", "0.0.0.0"), ("PUBLIC_URL", "https://example.com")]), [""; 0]);
    let open = of(&[("HOST", "0.0.0.0"), ("BELVEDERE_DEV", "1")]);
    assert!(open[0].contains("listens on 0.0.0.0") && open[1].contains("public_url"), "{open:?}");
    let plain = of(&[("PLC_URL", "http://127.0.0.1:1")]);
    assert!(plain[0].contains("plain connections are refused unless dev is on"), "{plain:?}");
    let github = |redirect_url| {
        of(&[("GITHUB_CLIENT_ID", "x"), ("GITHUB_CLIENT_SECRET", "x"), ("GITHUB_REDIRECT_URL", redirect_url)])
    };
    assert_eq!(github("https://relay.example/view/v1/connect/github/callback"), [""; 0]);
    let elsewhere = github("https://relay.example/");
    assert!(elsewhere[0].contains("answers GitHub at /v1/connect/github/callback"), "{elsewhere:?}");
    let foreign = of(&[("SESSION_SECRET", "x")]);
    assert!(foreign[0].starts_with("SESSION_SECRET is set and has no effect"), "{foreign:?}");
    let place = Place::new(&[]).with(".env", "SESSION_SECRET=x\nSTATIC_DIR=web\n");
    let in_file = warnings(&place.settings(Flags::default()), ["SESSION_SECRET".to_owned()].into_iter());
    assert_eq!(in_file.len(), 2, "each once: {in_file:?}");
}

/// The row of the reference that describes a setting.
fn row(setting: &Setting) -> String {
    let variables: Vec<String> = setting.variables.iter().map(|name| format!("`{name}`")).collect();
    let default = if setting.otherwise.is_empty() {
        format!("`{}`", setting.default)
    } else {
        setting.otherwise.to_owned()
    };
    let flag = if setting.flag.is_empty() { "none".to_owned() } else { format!("`--{}`", setting.flag) };
    let (key, variables) = (setting.key, variables.join(", "));
    format!("| `{key}` | {flag} | {variables} | {default} | {} |", setting.help)
}

#[test]
fn the_reference_has_every_setting() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/configuration.md");
    let documented = fs::read_to_string(path).unwrap();
    for group in Group::ALL {
        let section =
            documented.split(&format!("### {}\n", group.heading())).nth(1).expect("a section for each group");
        let section = section.split("\n#").next().unwrap();
        let rows: Vec<String> =
            table::ALL.iter().filter(|setting| setting.group == group).map(|setting| row(setting)).collect();
        let listed: Vec<&str> = section.lines().filter(|line| line.starts_with("| `")).collect();
        assert_eq!(listed, rows, "docs/configuration.md must list:\n{}", rows.join("\n"));
    }
}
