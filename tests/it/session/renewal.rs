//! Access tokens that have expired are exchanged once, however many calls find them so, and nobody is disturbed.

use futures::future::join_all;
use testkit::network::Fault;

use super::Story;
use crate::meters::metric;

impl Story<'_> {
    pub(super) async fn fifty_calls_cost_one_refresh(&self) {
        let network = &self.scene.network;
        let renewed = async || metric(self.server, "pds_session_renewals_total", "renewed").await;
        let before = renewed().await;
        self.sql("UPDATE pds_sessions SET expires_at = 1 WHERE id = $1", &self.phone.session_id).await;
        // Lets them through and counts them.
        let exchanges = network.set_fault(&Fault::at("pds", "POST /oauth/token")).await;
        let devices = [&self.phone, &self.laptop].into_iter().cycle().take(50);
        let calls = devices.map(|device| Self::try_write(device, "one of fifty"));
        let statuses = join_all(calls).await;
        assert_eq!(statuses, [200; 50]);
        assert_eq!(network.fault_hits(exchanges).await, 1);
        assert!((renewed().await - before - 1.0).abs() < f64::EPSILON);

        // Both go on with the tokens they have, one of which is void at the PDS.
        for device in [&self.phone, &self.laptop] {
            assert_eq!(Self::try_write(device, "afterwards").await, 200);
        }
        assert_eq!(network.fault_hits(exchanges).await, 1);
        network.clear_fault(exchanges).await;
    }
}
