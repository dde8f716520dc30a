//! What the relay works with.

use super::TEXT;
use crate::config::setting::{Kind, Setting};

pub(crate) const SYNC_ACCOUNT_BYTES: Setting = Setting {
    key: "sync_account_bytes",
    flag: "sync-account-bytes",
    variables: &["SYNC_ACCOUNT_BYTES"],
    placeholder: "BYTES",
    default: "10737418240",
    help: "Bytes that the relay keeps for one account, its attachments aside; at least 1048576.",
    ..TEXT
};

pub(crate) const PUSH_URL: Setting = Setting {
    key: "push_url",
    flag: "push-url",
    variables: &["PUSH_URL"],
    placeholder: "URL",
    otherwise: "devices are told nothing",
    help: "Push service of the relay, such as https://exp.host/--/api/v2/push/send: it reads titles and texts.",
    ..TEXT
};

pub(crate) const WEBAPP_URL: Setting = Setting {
    key: "webapp_url",
    flag: "webapp-url",
    variables: &["WEBAPP_URL"],
    placeholder: "URL",
    otherwise: "this server if it serves the web app, else https://app.happy.engineering",
    help: "The web app of the relay, where browsers go on when they come back from GitHub.",
    ..TEXT
};

pub(crate) const GITHUB_CLIENT_ID: Setting = Setting {
    key: "github_client_id",
    flag: "github-client-id",
    variables: &["GITHUB_CLIENT_ID"],
    placeholder: "ID",
    otherwise: "nobody can connect to GitHub",
    help: "Client ID of an OAuth app at GitHub, for the relay; needs github_client_secret and github_redirect_url.",
    ..TEXT
};

pub(crate) const GITHUB_CLIENT_SECRET: Setting = Setting {
    key: "github_client_secret",
    variables: &["GITHUB_CLIENT_SECRET"],
    kind: Kind::Secret,
    otherwise: "none",
    help: "Client secret of that OAuth app.",
    ..TEXT
};

pub(crate) const GITHUB_REDIRECT_URL: Setting = Setting {
    key: "github_redirect_url",
    flag: "github-redirect-url",
    variables: &["GITHUB_REDIRECT_URL"],
    placeholder: "URL",
    otherwise: "none",
    help: "Callback URL of that OAuth app: this server's /v1/connect/github/callback as browsers reach it.",
    ..TEXT
};

pub(crate) const GITHUB_WEBHOOK_SECRET: Setting = Setting {
    key: "github_webhook_secret",
    variables: &["GITHUB_WEBHOOK_SECRET"],
    kind: Kind::Secret,
    otherwise: "no events are taken",
    help: "What GitHub signs the events with that it reports to the relay.",
    ..TEXT
};

pub(crate) const GITHUB_URL: Setting = Setting {
    key: "github_url",
    flag: "github-url",
    variables: &["GITHUB_URL"],
    placeholder: "URL",
    default: "https://github.com",
    help: "GitHub, or a GitHub Enterprise, which may be in a private network.",
    ..TEXT
};

pub(crate) const ELEVENLABS_API_KEY: Setting = Setting {
    key: "elevenlabs_api_key",
    variables: &["ELEVENLABS_API_KEY"],
    kind: Kind::Secret,
    otherwise: "no conversations by voice",
    help: "The relay's key at ElevenLabs, whose agents people may talk to.",
    ..TEXT
};

pub(crate) const ELEVENLABS_URL: Setting = Setting {
    key: "elevenlabs_url",
    flag: "elevenlabs-url",
    variables: &["ELEVENLABS_URL"],
    placeholder: "URL",
    default: "https://api.elevenlabs.io",
    help: "Where the API of ElevenLabs is: it has others where data must stay in a region.",
    ..TEXT
};

pub(crate) const REVENUECAT_API_KEY: Setting = Setting {
    key: "revenuecat_api_key",
    variables: &["REVENUECAT_API_KEY"],
    kind: Kind::Secret,
    otherwise: "no conversations by voice",
    help: "The relay's key at RevenueCat, which knows who pays for talking longer.",
    ..TEXT
};

pub(crate) const REVENUECAT_PROJECT: Setting = Setting {
    key: "revenuecat_project",
    flag: "revenuecat-project",
    variables: &["REVENUECAT_PROJECT"],
    placeholder: "ID",
    otherwise: "none: the key is one of version 1 of the API",
    help: "The project of a key of version 2 of RevenueCat's API, such as proj1ab2c3d4.",
    ..TEXT
};

pub(crate) const REVENUECAT_URL: Setting = Setting {
    key: "revenuecat_url",
    flag: "revenuecat-url",
    variables: &["REVENUECAT_URL"],
    placeholder: "URL",
    default: "https://api.revenuecat.com",
    help: "Where the API of RevenueCat is.",
    ..TEXT
};

pub(crate) const SYNC_WEB_DIR: Setting = Setting {
    key: "sync_web_dir",
    flag: "sync-web-dir",
    variables: &["SYNC_WEB_DIR", "HAPPY_STATIC_DIR"],
    placeholder: "DIR",
    otherwise: "none",
    help: "Folder with the relay's web app, a build with an index.html; it is then what the root shows.",
    ..TEXT
};

pub(crate) const SYNC_WEB_CONFIG: Setting = Setting {
    key: "sync_web_config",
    flag: "sync-web-config",
    variables: &["SYNC_WEB_CONFIG", "HAPPY_INJECT_HTML_CONFIG"],
    placeholder: "JSON",
    otherwise: "serverUrl alone, which is this server",
    help: "What the web app is told, as a JSON object; serverUrl is this server unless it says something else.",
    ..TEXT
};
