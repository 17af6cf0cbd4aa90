//! `depot-quote TARIFF FROM TO GRAMS`: the price of a parcel.

use std::env;
use std::error::Error;

use routing::{tariff, Network, Tariff};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [tariff, from, to, grams] = arguments.as_slice() else {
        return Err("usage: depot-quote TARIFF FROM TO GRAMS".into());
    };
    println!("{}", quote(tariff, from, to, grams.parse()?)?);
    Ok(())
}

fn quote(tariff: &str, from: &str, to: &str, grams: u32) -> Result<String, String> {
    let tariff = tariff::by_name(tariff).ok_or_else(|| format!("no tariff {tariff}"))?;
    let route = network().route(from, to).ok_or_else(|| format!("no way from {from} to {to}"))?;
    Ok(format!("{} ct by {}", route.price(&tariff, grams), tariff.name()))
}

fn network() -> Network {
    let mut network = Network::default();
    network.connect("Ulm", "Wels", 390).connect("Wels", "Graz", 240);
    network
}
