use std::collections::{BTreeMap, VecDeque};

use crate::tariff::Tariff;

/// A direct way from one depot to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Leg {
    pub from: String,
    pub to: String,
    pub kilometres: u32,
}

/// Legs, one after the other.
#[derive(Debug, Default)]
pub struct Route {
    legs: Vec<Leg>,
}

impl Route {
    pub fn kilometres(&self) -> u32 {
        self.legs.iter().map(|leg| leg.kilometres).sum()
    }

    /// The price in cents of carrying a parcel of so many grams.
    pub fn price(&self, tariff: &dyn Tariff, grams: u32) -> u64 {
        self.legs.iter().map(|leg| tariff.price(leg, grams)).sum()
    }
}

#[derive(Default)]
pub struct Network {
    legs: BTreeMap<String, Vec<Leg>>,
}

impl Network {
    pub fn connect(&mut self, from: &str, to: &str, kilometres: u32) -> &mut Self {
        let leg = Leg { from: from.into(), to: to.into(), kilometres };
        self.legs.entry(leg.from.clone()).or_default().push(leg);
        self
    }

    /// The route with the fewest legs, found breadth first.
    pub fn route(&self, from: &str, to: &str) -> Option<Route> {
        let mut waiting = VecDeque::from([(from.to_string(), Route::default())]);
        let mut seen = vec![from.to_string()];
        while let Some((here, route)) = waiting.pop_front() {
            if here == to {
                return Some(route);
            }
            for leg in self.legs.get(&here).into_iter().flatten() {
                if !seen.contains(&leg.to) {
                    seen.push(leg.to.clone());
                    waiting.push_back((leg.to.clone(), extended(&route, leg)));
                }
            }
        }
        None
    }
}

fn extended(route: &Route, leg: &Leg) -> Route {
    let mut legs = route.legs.clone();
    legs.push(leg.clone());
    Route { legs }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tariff::Flat;

    fn network() -> Network {
        let mut network = Network::default();
        network.connect("Ulm", "Wels", 390).connect("Wels", "Graz", 240);
        network
    }

    #[test]
    fn a_route_is_as_long_as_its_legs() {
        let route = network().route("Ulm", "Graz").unwrap();
        assert_eq!(route.kilometres(), 630);
    }

    #[test]
    fn every_leg_is_paid_for() {
        let route = network().route("Ulm", "Graz").unwrap();
        assert_eq!(route.price(&Flat { cents: 500 }, 1_000), 1_000);
    }
}
