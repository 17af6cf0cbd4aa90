//! Routes between depots, and what carrying a parcel over them costs.

mod network;
pub mod tariff;

pub use network::{Leg, Network, Route};
pub use tariff::Tariff;
