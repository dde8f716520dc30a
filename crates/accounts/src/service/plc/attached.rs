//! Bringing the DID of an attached account up to date, which takes its PDS and a token that is mailed to its owner.

use atproto::{Did, Nsid};
use serde_json::{Value, json};

use super::contents::Contents;
use crate::{
    pds::{PdsAnswer, PdsCall},
    service::{Mode, Service, ServiceError, ServiceIdentity},
};

/// What the PDS is asked, below `com.atproto.identity`.
#[derive(Clone, Copy)]
enum Method {
    Request,
    Sign,
    Submit,
}

impl Method {
    fn nsid(self) -> Nsid {
        let name = match self {
            Self::Request => "com.atproto.identity.requestPlcOperationSignature",
            Self::Sign => "com.atproto.identity.signPlcOperation",
            Self::Submit => "com.atproto.identity.submitPlcOperation",
        };
        #[expect(clippy::expect_used, reason = "each of the three is an NSID")]
        Nsid::parse(name).expect("an NSID")
    }
}

impl Service {
    /// Has the PDS of the attached account mail its owner a token. The account must have signed in here, with the scope
    /// `identity:*`.
    pub async fn request_plc_token(&self) -> Result<(), ServiceError> {
        let (account, _) = self.attached().await?;
        self.ask_pds(&account, Method::Request, None).await?;
        Ok(())
    }

    /// Has the PDS of the attached account sign and submit an operation after which the account's document lists our
    /// entries and keys; `token` is what was mailed. The account's own services, keys and names stay.
    pub async fn sync_attached(&self, token: &str, actor: Option<&str>) -> Result<(), ServiceError> {
        let (token, actor) = (token.to_owned(), actor.map(str::to_owned));
        let work = |service: Self| async move { service.sync_attached_alone(&token, actor.as_deref()).await };
        self.exclusively(work).await
    }

    async fn sync_attached_alone(&self, token: &str, actor: Option<&str>) -> Result<(), ServiceError> {
        let (account, identity) = self.attached().await?;
        let contents = Contents::of(&*self.snapshot().await?, &self.endpoint()?);
        let gone = ServiceError::Unchangeable("the DID was given up: nothing can follow");
        let mut next = self.latest(&account).await?.next().ok_or(gone)?;
        contents.put_into(&mut next, &identity.published.of(&account))?;
        let wanted = json!({
            "token": token,
            "services": next.services,
            "verificationMethods": next.verification_methods,
        });
        let signed = self.ask_pds(&account, Method::Sign, Some(&wanted)).await?;
        let signed: Value = serde_json::from_slice(&signed.body).map_err(|_| {
            ServiceError::Unchangeable("the PDS of the account did not answer with an operation")
        })?;
        let operation = json!({ "operation": signed["operation"] });
        self.ask_pds(&account, Method::Submit, Some(&operation)).await?;
        self.note_synced(&account, contents.published(&account), actor).await
    }

    async fn attached(&self) -> Result<(Did, ServiceIdentity), ServiceError> {
        let in_mode = |conn: &mut store::Conn<'_>| ServiceIdentity::in_mode(conn, Mode::AttachAccount);
        let identity = self.parts.state.read(in_mode).await?;
        let account = identity.attached_account.clone().ok_or(ServiceError::NotConfigured)?;
        Ok((account, identity))
    }

    /// The successful answer of a procedure of the account's PDS.
    async fn ask_pds(
        &self,
        account: &Did,
        method: Method,
        body: Option<&Value>,
    ) -> Result<PdsAnswer, ServiceError> {
        let session = self.parts.pds_sessions.of_account(account).await?;
        let call = PdsCall::procedure(method.nsid());
        let answer = session.call(&body.map_or(call.clone(), |body| call.json(body))).await?;
        if answer.status.is_success() {
            return Ok(answer);
        }
        let words = serde_json::from_slice::<Value>(&answer.body).unwrap_or_default();
        let words = words["message"].as_str().or(words["error"].as_str()).unwrap_or_default();
        Err(ServiceError::Pds { status: answer.status, message: words.chars().take(300).collect() })
    }
}
