//! The DID document of a repository that is at home here.

use atproto::did_doc::Service;
use atproto::{Did, Handle};
use serde_json::{Value, json};

/// `did.json` (spec/registry.md §4.2): the key, this server as the PDS, and what else the DID is.
pub(super) fn document(
    did: &Did,
    handle: Option<&Handle>,
    multikey: &str,
    origin: &str,
    services: &[Service],
) -> String {
    let names: Vec<String> = handle.iter().map(|handle| format!("at://{handle}")).collect();
    let mut all = vec![json!({
        "id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": origin,
    })];
    all.extend(services.iter().map(|service| {
        json!({
            "id": format!("#{}", service.fragment), "type": service.kind, "serviceEndpoint": service.endpoint,
        })
    }));
    let document = json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "alsoKnownAs": names,
        "verificationMethod": [{
            "id": format!("{did}#atproto"), "type": "Multikey", "controller": did, "publicKeyMultibase": multikey,
        }],
        "service": all,
    });
    document.to_string()
}

/// Services as a column has them.
pub(crate) fn write_services(services: &[Service]) -> String {
    let rows: Vec<[&str; 3]> = services.iter().map(|it| [&*it.fragment, &*it.kind, &*it.endpoint]).collect();
    json!(rows).to_string()
}

/// Back from the column.
pub(crate) fn read_services(column: &str) -> Vec<Service> {
    let rows: Value = serde_json::from_str(column).unwrap_or_default();
    let service = |row: &Value| {
        let text = |index: usize| row.get(index)?.as_str().map(str::to_owned);
        Some(Service { fragment: text(0)?, kind: text(1)?, endpoint: text(2)? })
    };
    rows.as_array().into_iter().flatten().filter_map(service).collect()
}
