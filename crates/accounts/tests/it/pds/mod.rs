//! Sessions with PDSes: against the reference server, and against servers that misbehave.

mod calls;
mod endings;
mod fake;
mod hostile_login;
mod hostile_pds;
mod removed_app;
mod renewal;
mod renewal_faults;
mod sign_in;
mod site;
mod stolen;
mod web_client;
