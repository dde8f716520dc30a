//! Counters of one route, registered once so that a request only adds to them.

use std::time::Duration;

use http::StatusCode;
use metrics::{Counter, Histogram, counter, histogram};

/// Handles for `http_requests_total` by status class and `http_request_seconds`.
pub(crate) struct Meters {
    by_status_class: [Counter; 5],
    seconds: Histogram,
}

impl Meters {
    /// For one route template. Paths as requested would make the number of series unbounded.
    pub(crate) fn new(app: &'static str, method: &str, route: &'static str) -> Self {
        let labels = [("app", app.to_owned()), ("method", method.to_owned()), ("route", route.to_owned())];
        let requests = |class: &'static str| {
            let mut labels = labels.to_vec();
            labels.push(("status", class.to_owned()));
            counter!("http_requests_total", &labels)
        };
        Self {
            by_status_class: ["1xx", "2xx", "3xx", "4xx", "5xx"].map(requests),
            seconds: histogram!("http_request_seconds", &labels),
        }
    }

    pub(crate) fn record(&self, status: StatusCode, elapsed: Duration) {
        self.count(status);
        self.seconds.record(elapsed.as_secs_f64());
    }

    /// Without a time, for answers that took no work.
    pub(crate) fn count(&self, status: StatusCode) {
        let class = usize::from(status.as_u16() / 100).clamp(1, 5);
        self.by_status_class[class - 1].increment(1);
    }
}
