//! Counters of one route, registered once so that a request only adds to them.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode};
use metrics::{Counter, Histogram, counter, histogram};

use crate::ClientClasses;

type Labels = Vec<(&'static str, String)>;

/// Handles for `http_requests_total` by status class and `http_request_duration_seconds`, for each class of clients.
pub(crate) struct Meters {
    labels: Labels,
    classes: Option<Arc<dyn ClientClasses>>,
    by_class: Box<[OnceLock<Box<Handles>>]>,
}

struct Handles {
    by_status_class: [Counter; 5],
    seconds: Histogram,
}

impl Meters {
    /// For one route template. Paths as requested would make the number of series unbounded.
    pub(crate) fn new(app: &'static str, method: &str, route: &'static str) -> Self {
        let meters = Self::of(app, method, route, None, 1);
        meters.handles(0);
        meters
    }

    /// The same, told apart by who calls. What nobody calls has no series.
    pub(crate) fn by_client(
        app: &'static str,
        method: &str,
        route: &'static str,
        classes: Arc<dyn ClientClasses>,
    ) -> Self {
        let count = classes.count();
        Self::of(app, method, route, Some(classes), count)
    }

    fn of(
        app: &'static str,
        method: &str,
        route: &'static str,
        classes: Option<Arc<dyn ClientClasses>>,
        count: usize,
    ) -> Self {
        let labels =
            vec![("app", app.to_owned()), ("method", method.to_owned()), ("route", route.to_owned())];
        Self { labels, classes, by_class: std::iter::repeat_with(OnceLock::new).take(count).collect() }
    }

    /// What a request says about its client, for [`record`](Self::record).
    pub(crate) fn claim(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        self.classes.as_ref()?.claim(headers)
    }

    pub(crate) fn record(&self, claim: Option<&HeaderValue>, status: StatusCode, elapsed: Duration) {
        let class = self.classes.as_ref().map_or(0, |classes| classes.class(claim));
        if let Some(handles) = self.handles(class) {
            handles.count(status);
            handles.seconds.record(elapsed.as_secs_f64());
        }
    }

    /// Without a time and whoever it is, for answers that took no work.
    pub(crate) fn count(&self, status: StatusCode) {
        if let Some(handles) = self.handles(0) {
            handles.count(status);
        }
    }

    fn handles(&self, class: usize) -> Option<&Handles> {
        let made = || {
            let mut labels = self.labels.clone();
            labels.extend(self.classes.iter().flat_map(|classes| classes.labels(class)));
            Box::new(Handles::new(&labels))
        };
        self.by_class.get(class).map(|handles| &**handles.get_or_init(made))
    }
}

impl Handles {
    fn new(labels: &Labels) -> Self {
        let requests = |class: &'static str| {
            let mut labels = labels.clone();
            labels.push(("status", class.to_owned()));
            counter!("http_requests_total", &labels)
        };
        Self {
            by_status_class: ["1xx", "2xx", "3xx", "4xx", "5xx"].map(requests),
            seconds: histogram!("http_request_duration_seconds", labels),
        }
    }

    fn count(&self, status: StatusCode) {
        let class = usize::from(status.as_u16() / 100).clamp(1, 5);
        self.by_status_class[class - 1].increment(1);
    }
}
