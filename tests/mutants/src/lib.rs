//! Mistakes that are made on purpose, each with the test that must notice it.
//!
//! A test that passes says that the product is right, or that the test looks at nothing. To know which, the guards of the
//! product can be taken away one at a time (`faults::mutant!`), and for each the [`catalogue`] names the failure that is left
//! when it is gone and the test that proves it matters. The program of this crate builds those tests once, sees each pass,
//! makes each mistake, and sees its test fail; `docs/mutants.md` says how to read what it prints.

pub mod build;
pub mod catalogue;
pub mod process;
pub mod score;
pub mod sources;
pub mod trial;
