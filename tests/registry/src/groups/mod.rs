//! The groups of checks, in the order of the matrix.

mod bad_digests;
mod blob;
mod data;
mod disorder;
mod empty;
mod known;
mod manifests;
mod mounts;
mod ranges;
mod tag_parameters;
mod uploads;
mod way;

use crate::client::Client;
use crate::content::Algorithm;
use crate::report::Report;
use crate::repository::Repository;
use crate::target::Target;

/// What every group is given.
#[derive(Clone, Copy)]
struct Place<'t> {
    target: &'t Target,
    one: Repository<'t>,
    two: Repository<'t>,
}

pub(super) async fn run(target: &Target, client: &Client, report: &mut Report) {
    let [one, two] = target.repositories.each_ref().map(|name| Repository { client, name });
    let place = Place { target, one, two };
    empty::run(place, report).await;
    for algorithm in Algorithm::ALL {
        uploads::run(place, algorithm, report).await;
        disorder::run(place, algorithm, report).await;
        known::run(place, algorithm, report).await;
        bad_digests::run(place, algorithm, report).await;
        mounts::run(place, algorithm, report).await;
        ranges::run(place, algorithm, report).await;
        data::run(place, algorithm, report).await;
        if target.draft {
            tag_parameters::run(place, algorithm, report).await;
        }
    }
    manifests::run(place, report).await;
}
