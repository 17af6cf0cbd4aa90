//! What carrying costs.

use crate::network::Leg;

/// A way to price a leg.
pub trait Tariff {
    /// The price in cents of carrying so many grams over a leg.
    fn price(&self, leg: &Leg, grams: u32) -> u64;

    fn name(&self) -> String {
        "tariff".to_string()
    }
}

/// The same for every leg.
pub struct Flat {
    pub cents: u64,
}

impl Tariff for Flat {
    fn price(&self, _: &Leg, _: u32) -> u64 {
        self.cents
    }
}

/// By distance and weight.
pub struct ByWeight {
    pub cents_per_tonne_kilometre: u64,
}

impl ByWeight {
    fn tonnes(grams: u32) -> f64 {
        f64::from(grams) / 1_000_000.0
    }
}

impl Tariff for ByWeight {
    fn price(&self, leg: &Leg, grams: u32) -> u64 {
        let exact = Self::tonnes(grams) * f64::from(leg.kilometres);
        (exact * self.cents_per_tonne_kilometre as f64).ceil() as u64
    }

    fn name(&self) -> String {
        format!("{} ct/tkm", self.cents_per_tonne_kilometre)
    }
}

/// Another tariff, for regular customers.
pub struct Discounted<T> {
    pub inner: T,
    pub percent: u64,
}

impl<T: Tariff> Tariff for Discounted<T> {
    fn price(&self, leg: &Leg, grams: u32) -> u64 {
        self.inner.price(leg, grams) * (100 - self.percent) / 100
    }
}

impl<T: Tariff + ?Sized> Tariff for Box<T> {
    fn price(&self, leg: &Leg, grams: u32) -> u64 {
        (**self).price(leg, grams)
    }

    fn name(&self) -> String {
        (**self).name()
    }
}

pub fn by_name(name: &str) -> Option<Box<dyn Tariff>> {
    match name {
        "flat" => Some(Box::new(Flat { cents: 490 })),
        "weight" => Some(Box::new(ByWeight { cents_per_tonne_kilometre: 120 })),
        "regular" => Some(Box::new(Discounted { inner: Flat { cents: 490 }, percent: 10 })),
        _ => None,
    }
}
