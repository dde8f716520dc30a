//! Configurations that work, but hardly as meant.

use super::foreign;
use super::settings::Settings;

/// Where the relay takes browsers back from GitHub.
const GITHUB_CALLBACK: &str = "/v1/connect/github/callback";

/// Sentences for the operator: at the start of a server and from `belvedere doctor`. `variables` are the names of those of
/// the process.
pub(crate) fn warnings(settings: &Settings, variables: impl Iterator<Item = String>) -> Vec<String> {
    let mut warnings = Vec::new();
    if settings.dev && !settings.host.is_loopback() {
        warnings.push(format!(
            "dev is on and the server listens on {}: whoever reaches it can make it contact servers on this machine",
            settings.host
        ));
    }
    if !settings.dev {
        let streams = settings.jetstream_urls.iter().map(|url| ("jetstream_url", url));
        let streams = streams.chain(settings.firehose_urls.iter().map(|url| ("firehose_url", url)));
        let others = [("plc_url", &settings.plc_url), ("relay_url", &settings.relay_url)];
        for (key, url) in others.into_iter().chain(streams) {
            if matches!(url.scheme(), "http" | "ws") {
                warnings.push(format!("{key} is {url}, and plain connections are refused unless dev is on"));
            }
        }
    }
    if settings.public_url.is_none() && !settings.host.is_loopback() {
        warnings.push(
            "public_url is not set, so documents will name an address that others cannot use".to_owned(),
        );
    }
    if let Some(app) = &settings.relay.github.app
        && !app.redirect_url.path().ends_with(GITHUB_CALLBACK)
    {
        warnings.push(format!(
            "github_redirect_url is {}, and this server answers GitHub at {GITHUB_CALLBACK}",
            app.redirect_url
        ));
    }
    for (variable, instead) in foreign::without_effect(variables.chain(settings.in_dotenv.iter().cloned())) {
        warnings.push(format!("{variable} is set and has no effect: {instead}"));
    }
    warnings
}
