//! `/social/admin/federation`, `/social/admin/failed-events` and `/social/admin/failed-deliveries`.

use http::StatusCode;
use server::Route;

use super::{deliveries, events, hosts, overview};
use crate::auth::ADMINISTER;
use crate::services::Services;
use crate::wire::Paging;

pub(crate) fn routes() -> Vec<Route<Services>> {
    let nothing = |route: Route<Services>| route.gives_nothing(StatusCode::NO_CONTENT);
    vec![
        Route::get(
            "/social/admin/federation",
            ADMINISTER,
            "What waits for other servers, and which of them are down",
            overview::show,
        )
        .gives::<overview::Overview>(StatusCode::OK),
        Route::get(
            "/social/admin/federation/hosts",
            ADMINISTER,
            "Other servers and how they are",
            hosts::list,
        )
        .query::<Paging>()
        .query::<hosts::Wanted>()
        .gives::<hosts::Hosts>(StatusCode::OK),
        nothing(Route::post(
            "/social/admin/federation/hosts/{host}/retry",
            ADMINISTER,
            "Send what waits for a server now, as if it had been heard of",
            hosts::retry,
        )),
        Route::get(
            "/social/admin/failed-events",
            ADMINISTER,
            "What could not be made into deliveries",
            events::list,
        )
        .query::<Paging>()
        .gives::<events::FailedEvents>(StatusCode::OK),
        nothing(Route::post(
            "/social/admin/failed-events/{id}/retry",
            ADMINISTER,
            "Try it once more",
            events::retry,
        )),
        nothing(Route::delete(
            "/social/admin/failed-events/{id}",
            ADMINISTER,
            "Tell nobody of it",
            events::forget,
        )),
        Route::get(
            "/social/admin/failed-deliveries",
            ADMINISTER,
            "What was given up in the last thirty days",
            deliveries::list,
        )
        .query::<Paging>()
        .query::<deliveries::Wanted>()
        .gives::<deliveries::FailedDeliveries>(StatusCode::OK),
        nothing(Route::post(
            "/social/admin/failed-deliveries/{id}/retry",
            ADMINISTER,
            "Send it once more",
            deliveries::retry,
        )),
        Route::post(
            "/social/admin/failed-deliveries/retry",
            ADMINISTER,
            "Send everything once more that was given up for a server",
            deliveries::retry_host,
        )
        .takes::<deliveries::OfHost>()
        .gives::<deliveries::Retried>(StatusCode::OK),
    ]
}
