//! Who the relay speaks with on behalf of its accounts.

use super::TEXT;
use crate::config::setting::{Kind, Setting};

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
    default: "https://app.happy.engineering",
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
