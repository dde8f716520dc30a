//! The microblog among many other servers: nothing that is to be told is lost, whenever the program dies, and nothing is told twice
//! that did not have to be (docs/social-federation.md).

mod home;
mod kills;
mod pair;
