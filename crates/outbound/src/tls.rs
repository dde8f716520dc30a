//! The TLS configuration of every outgoing connection.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls_platform_verifier::Verifier;

use crate::error::Error;

/// TLS 1.2 and 1.3 by aws-lc-rs, verified against the system's authorities and `trusted`, offering no application
/// protocol.
pub(crate) fn client_config(trusted: &[CertificateDer<'static>]) -> Result<ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier =
        Verifier::new_with_extra_roots(trusted.iter().cloned(), Arc::clone(&provider)).map_err(|error| {
            Error::Setup {
                what: "no usable certificate authorities, install the system's CA certificates",
                source: error.into(),
            }
        })?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Setup { what: "no usable TLS version", source: error.into() })?
        // "Dangerous" is any verifier but webpki's own; this one is webpki over the system's roots.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(config)
}

/// The same for HTTP, which chooses its version by ALPN (RFC 7301).
pub(crate) fn for_http(config: &ClientConfig) -> ClientConfig {
    let mut config = config.clone();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}
