//! The server's metrics.

use testkit::Belvedere;

/// The sum of a metric over all series whose line contains `label`.
pub(crate) async fn metric(server: &Belvedere, name: &str, label: &str) -> f64 {
    let text = server.metrics().await;
    let series = text.lines().filter(|line| !line.starts_with('#') && line.contains(label));
    let value = |line: &str| {
        let (series, value) = line.rsplit_once(' ')?;
        (series.split('{').next() == Some(name)).then(|| value.parse::<f64>().unwrap())
    };
    series.filter_map(value).sum()
}
