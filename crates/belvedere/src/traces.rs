//! Spans for a collector that speaks OTLP: what each request did, if the operator has somewhere to send it.
//!
//! Spans are sent in batches by a thread of the exporter, through our own way out. What a slow or absent collector does not take is
//! dropped, at most 2,048 spans wait; nobody's request waits for it. The variables that every program with OpenTelemetry reads
//! (`OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_TRACES_SAMPLER`, `OTEL_EXPORTER_OTLP_HEADERS`) count here, too.

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use outbound::{NamedHost, Outbound, Policy};
use tokio::runtime::Handle;
use url::Url;

use crate::config::Settings;
use crate::network;

/// What spans are called after if `OTEL_SERVICE_NAME` says nothing.
const NAME: &str = "belvedere";

/// For one batch.
const PATIENCE: Duration = Duration::from_secs(10);

/// For what is left when the server stops.
const LAST_PATIENCE: Duration = Duration::from_millis(500);

/// What is to be told that nothing more comes.
static PROVIDER: OnceLock<SdkTracerProvider> = OnceLock::new();

/// Makes spans for the collector that the settings name, if they name one.
pub(crate) fn tracer(settings: &Settings) -> Result<Option<SdkTracer>> {
    let Some(collector) = &settings.otlp_endpoint else { return Ok(None) };
    let outbound = network::outbound(settings)?;
    let allow_hosts = NamedHost::of(collector).into_iter().collect();
    let outbound = outbound.with_policy(Policy { allow_hosts, ..outbound.policy().clone() })?;
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(WayOut { outbound, runtime: Handle::current() })
        .with_endpoint(format!("{}/v1/traces", collector.as_str().trim_end_matches('/')))
        .with_timeout(PATIENCE)
        .build()
        .context("cannot prepare the exporter of spans")?;
    let resource = if std::env::var_os("OTEL_SERVICE_NAME").is_some() {
        Resource::builder().build()
    } else {
        Resource::builder().with_service_name(NAME).build()
    };
    let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
    let tracer = provider.tracer(NAME);
    // Logging starts once.
    let _ = PROVIDER.set(provider);
    Ok(Some(tracer))
}

/// Sends what has not been sent yet, for a moment.
pub(crate) async fn flush() {
    let Some(provider) = PROVIDER.get() else { return };
    let flushing = tokio::task::spawn_blocking(|| provider.shutdown_with_timeout(LAST_PATIENCE));
    match flushing.await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(%error, "the last spans did not reach the collector"),
        Err(error) => tracing::warn!(%error, "the last spans did not reach the collector"),
    }
}

/// The exporter's thread has no runtime: what it sends is sent by ours.
struct WayOut {
    outbound: Outbound,
    runtime: Handle,
}

impl fmt::Debug for WayOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WayOut")
    }
}

#[async_trait::async_trait]
impl HttpClient for WayOut {
    async fn send_bytes(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError> {
        let (head, body) = request.into_parts();
        let url = Url::parse(&head.uri.to_string())?;
        let outbound = self.outbound.clone();
        let sending = self.runtime.spawn(async move {
            let mut request = outbound.request(head.method, &url).timeout(PATIENCE).bytes(body);
            for (name, value) in head.headers {
                if let Some(name) = name {
                    request = request.header(name, value);
                }
            }
            request.send().await
        });
        let answer = sending.await??;
        let mut response = http::Response::new(answer.body);
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers;
        Ok(response)
    }
}
