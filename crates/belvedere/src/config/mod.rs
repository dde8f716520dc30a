//! What the operator wants, and where each wish comes from.
//!
//! [`table`] lists the settings. [`Values`] collects their texts: a flag counts before an environment variable, that
//! before `.env`, the configuration file and the default. [`Settings`] are the texts read and checked.

mod app_name;
mod dotenv;
mod error;
mod federation;
mod file;
mod flags;
mod foreign;
mod github;
mod log_format;
mod origin;
mod read;
mod registry;
mod relay;
mod secret;
mod setting;
mod settings;
mod social;
pub(crate) mod table;
#[cfg(test)]
mod tests;
mod values;
mod warnings;

pub(crate) use app_name::AppName;
pub(crate) use error::Error;
pub(crate) use federation::Federation;
pub(crate) use flags::Flags;
pub(crate) use log_format::LogFormat;
pub(crate) use origin::Origin;
pub(crate) use registry::Registry;
pub(crate) use relay::Relay;
pub(crate) use secret::Secret;
pub(crate) use setting::{Group, Setting};
pub(crate) use settings::Settings;
pub(crate) use social::Social;
pub(crate) use values::Values;
pub(crate) use warnings::warnings;
