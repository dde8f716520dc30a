//! Starts a simulated network with some of everything and prints its addresses, for tests by hand. Ends with ctrl-c.
//!
//! `cargo run -p testkit --example sim -- [ACCOUNTS] [HOSTS] [SEED] [WRITES A SECOND]`

use testkit::sim::{Load, Place, Plan, Sim};

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| match argument.parse::<u32>() {
        Ok(number) => number,
        Err(error) => panic!("{argument}: {error}"),
    });
    let mut argument = |default: u32| arguments.next().unwrap_or(default);
    let (accounts, hosts, seed, rate) = (argument(200), argument(20), argument(1), argument(0));
    let plan = Plan::mixed(u64::from(seed), accounts as usize, hosts as usize);
    let sim = Sim::start(plan).await;
    println!("plc        {}", sim.plc());
    println!("relay      {}", sim.relay());
    println!("jetstream  {}", sim.jetstream());
    println!("collections {}", Plan::mixed_collections().map(|collection| collection.to_string()).join(" "));
    for host in 0..hosts as usize {
        println!("host {host:3}   {} {:?}", sim.host(host), sim.behaviour(Place::Host(host)));
    }
    if rate > 0 {
        let collections = Plan::mixed_collections().to_vec();
        let load = Load { seed: u64::from(seed), rate, operations: u64::from(u32::MAX), collections };
        drop(sim.start_load(load));
    }
    if let Err(error) = tokio::signal::ctrl_c().await {
        panic!("cannot wait for ctrl-c: {error}");
    }
    let requests = sim.requests();
    println!("\n{} requests", requests.total());
    for ((place, method), count) in &requests.counts {
        println!("{count:8} {place:?} {method}");
    }
}
