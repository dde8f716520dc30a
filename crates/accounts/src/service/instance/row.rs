//! The one row that says who this server is.

use atproto::Did;
use serde::{Deserialize, Serialize};
use store::{Conn, Row, v};
use time::OffsetDateTime;

use super::Mode;
use crate::{clock::from_micros, service::ServiceError};

/// Who this server is to the network, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceIdentity {
    /// How it came by its DID.
    pub mode: Mode,
    /// The `did:plc` that was registered, if one ever was; kept when the mode changes.
    pub registered: Option<Did>,
    /// The account of [`Mode::AttachAccount`].
    pub attached_account: Option<Did>,
    /// The public signing key as a Multikey, `z…`.
    pub signing_key: Option<String>,
    /// Whether the setup wizard is done.
    pub setup_complete: bool,
    /// What this server has put into the document at the directory.
    pub published: Published,
    /// When it was first chosen.
    pub created_at: OffsetDateTime,
    /// When it last changed.
    pub updated_at: OffsetDateTime,
}

/// Names, without `#`, that this server put into its document. What else is there is not ours to touch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// Whose document it is.
    pub did: Option<String>,
    /// Of services.
    pub services: Vec<String>,
    /// Of keys.
    pub verification_methods: Vec<String>,
}

impl Published {
    /// What was put into the document of this DID; nothing, if it was another's.
    pub(crate) fn of(self, did: &Did) -> Self {
        if self.did.as_deref() == Some(did.as_str()) { self } else { Self::default() }
    }
}

const COLUMNS: &str = "mode, did, attached_account_did, signing_key_multibase, setup_complete, published, \
                       created_at, updated_at";

impl ServiceIdentity {
    /// The row, if the identity has been chosen.
    pub(crate) fn load(conn: &mut Conn<'_>) -> Result<Option<Self>, ServiceError> {
        conn.query_opt(&format!("SELECT {COLUMNS} FROM service_identity WHERE id = 1"), &[], identity)
    }

    /// The row; an error that says what to do if there is none.
    pub(crate) fn chosen(conn: &mut Conn<'_>) -> Result<Self, ServiceError> {
        Self::load(conn)?.ok_or(ServiceError::NotConfigured)
    }

    /// The row in the mode that an operation needs.
    pub(crate) fn in_mode(conn: &mut Conn<'_>, mode: Mode) -> Result<Self, ServiceError> {
        let identity = Self::chosen(conn)?;
        if identity.mode == mode { Ok(identity) } else { Err(ServiceError::WrongMode { needed: mode }) }
    }
}

/// Notes what is in the document at the directory now.
pub(crate) fn note_published(
    conn: &mut Conn<'_>,
    published: &Published,
    now: i64,
) -> Result<(), ServiceError> {
    let names = serde_json::json!(published).to_string();
    conn.execute(
        "UPDATE service_identity SET published = $1, updated_at = $2 WHERE id = 1",
        &[v(&names), v(now)],
    )?;
    Ok(())
}

fn identity(row: &Row<'_>) -> Result<ServiceIdentity, ServiceError> {
    let did = |text: Option<&str>| text.map(Did::parse).transpose().map_err(corrupt);
    Ok(ServiceIdentity {
        mode: row.text(0)?.parse()?,
        registered: did(row.opt_text(1)?)?,
        attached_account: did(row.opt_text(2)?)?,
        signing_key: row.opt_text(3)?.map(str::to_owned),
        setup_complete: row.bool(4)?,
        published: serde_json::from_str(row.text(5)?).map_err(corrupt)?,
        created_at: from_micros(row.int(6)?),
        updated_at: from_micros(row.int(7)?),
    })
}

fn corrupt(error: impl std::error::Error + Send + Sync + 'static) -> ServiceError {
    ServiceError::Corrupt { table: "service_identity", source: Box::new(error) }
}
