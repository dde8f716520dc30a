//! `/install`: how to log in, push and pull with each client, for this host; as a page and as data.

use std::fmt::Write as _;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use pages::{Page, Text};
use serde::Serialize;
use server::Json;
use utoipa::ToSchema;

use crate::registry::Registry;

/// How to use this registry.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryInstall)]
pub(super) struct Install {
    /// The host that clients write in front of names.
    service: String,
    /// Where people reach this server.
    url: String,
    clients: Vec<Client>,
}

/// How to use it with one client.
#[derive(Serialize, ToSchema)]
#[schema(as = RegistryClientHelp)]
pub(super) struct Client {
    /// What it is called.
    name: &'static str,
    about: &'static str,
    /// What to type.
    commands: Vec<String>,
}

pub(super) async fn data(State(registry): State<Registry>) -> Json<Install> {
    Json(registry.install())
}

pub(super) async fn page(State(registry): State<Registry>) -> Response {
    let install = registry.install();
    let mut content = format!(
        "<p>Images are named <strong>{}/YOUR-HANDLE/NAME</strong>. Log in once with the helper, or with an app password.</p>\n",
        Text(&install.service)
    );
    for Client { name, about, commands } in &install.clients {
        let commands = commands.join("\n");
        let _ = writeln!(
            content,
            "<h2>{}</h2>\n<p>{}</p>\n<pre>{}</pre>",
            Text(name),
            Text(about),
            Text(&commands)
        );
    }
    Page::new(StatusCode::OK, "Push and pull", &content).public("").into_response()
}

impl Registry {
    fn install(&self) -> Install {
        let config = self.auth.config();
        let service = config.service.clone();
        let is_plain = config.base_url.starts_with("http:");
        // A host without TLS has to be asked for by name.
        let insecure = if is_plain { " --tls-verify=false" } else { "" };
        let plain = if is_plain { " --plain-http" } else { "" };
        let image = format!("{service}/YOUR-HANDLE/app:v1");
        let client = |name, about, commands: &[String]| Client { name, about, commands: commands.to_vec() };
        let clients = vec![
            client(
                "Credential helper",
                "Logs in in a browser: no password is typed into a terminal, and each machine can be revoked.",
                &[
                    "docker-credential-belvedere login ".to_owned() + &config.base_url,
                    format!(
                        "# in ~/.docker/config.json\n{{\"credHelpers\": {{\"{service}\": \"belvedere\"}}}}"
                    ),
                ],
            ),
            client(
                "docker",
                "Needs the helper, or an app password.",
                &[
                    format!("docker login {service} -u YOUR-HANDLE"),
                    format!("docker push {image}"),
                    format!("docker pull {image}"),
                ],
            ),
            client(
                "podman",
                "The same without a daemon.",
                &[
                    format!("podman login{insecure} {service} -u YOUR-HANDLE"),
                    format!("podman push{insecure} {image}"),
                    format!("podman search{insecure} {service}/YOUR-HANDLE"),
                ],
            ),
            client(
                "skopeo",
                "Copies between registries.",
                &[
                    format!("skopeo login{insecure} {service} -u YOUR-HANDLE"),
                    format!("skopeo copy docker://docker.io/library/alpine docker://{image}"),
                ],
            ),
            client(
                "helm",
                "Charts are artifacts like any other.",
                &[
                    format!("helm registry login{plain} {service} -u YOUR-HANDLE"),
                    format!("helm push{plain} app-1.0.0.tgz oci://{service}/YOUR-HANDLE"),
                ],
            ),
        ];
        Install { service, url: config.base_url.clone(), clients }
    }
}
