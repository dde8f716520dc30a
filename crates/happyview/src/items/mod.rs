//! What a HappyView server keeps, as plain values: as they were stored, not checked.

pub(crate) mod api_client;
pub(crate) mod api_key;
pub(crate) mod dead_letter;
pub(crate) mod dead_letter_hook;
pub(crate) mod delegated_account;
pub(crate) mod domain;
pub(crate) mod labeler;
pub(crate) mod lexicon;
pub(crate) mod lexicon_scripts;
pub(crate) mod local_record;
pub(crate) mod script;
pub(crate) mod script_variable;
pub(crate) mod service_entry;
pub(crate) mod service_identity;
pub(crate) mod setting;
pub(crate) mod user;
pub(crate) mod verification_method;

pub use api_client::ApiClient;
pub use api_key::ApiKey;
pub use dead_letter::DeadLetter;
pub use delegated_account::{Delegate, DelegatedAccount};
pub use domain::Domain;
pub use labeler::Labeler;
pub use lexicon::Lexicon;
pub use lexicon_scripts::LexiconScripts;
pub use local_record::LocalRecord;
pub use script::Script;
pub use script_variable::ScriptVariable;
pub use service_entry::ServiceEntry;
pub use service_identity::ServiceIdentity;
pub use setting::Setting;
pub use user::User;
pub use verification_method::VerificationMethod;
