//! Who somebody is to the registry: tokens, secrets, devices.

mod approving;
mod devices;
mod helper;
mod issuing;
mod passwords;
mod presenting;
mod real;
mod refusals;
mod site;
mod stand_in;
