//! Networks, and whose word is taken for where a call comes from.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::Deserialize;

/// A network such as `10.0.0.0/8`, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Subnet {
    base: IpAddr,
    bits: u8,
}

/// The text names no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` must be an address, or a network such as `10.0.0.0/8`")]
pub struct InvalidSubnet(pub String);

impl Subnet {
    /// Is the address in it?
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.base, address.to_canonical()) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                is_same_prefix(base.to_bits().into(), address.to_bits().into(), 32 - self.bits)
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                is_same_prefix(base.to_bits(), address.to_bits(), 128 - self.bits)
            }
            _ => false,
        }
    }
}

fn is_same_prefix(a: u128, b: u128, ignored_bits: u8) -> bool {
    (a ^ b).checked_shr(ignored_bits.into()).unwrap_or(0) == 0
}

impl FromStr for Subnet {
    type Err = InvalidSubnet;

    fn from_str(text: &str) -> Result<Self, InvalidSubnet> {
        let invalid = || InvalidSubnet(text.to_owned());
        let (base, bits) = text.split_once('/').map_or((text, None), |(base, bits)| (base, Some(bits)));
        let base: IpAddr = base.parse().map_err(|_| invalid())?;
        let width = if base.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(width), |bits| bits.parse().map_err(|_| invalid()))?;
        if bits <= width { Ok(Self { base, bits }) } else { Err(invalid()) }
    }
}

impl TryFrom<String> for Subnet {
    type Error = InvalidSubnet;

    fn try_from(text: String) -> Result<Self, InvalidSubnet> {
        text.parse()
    }
}

impl fmt::Display for Subnet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.bits)
    }
}

/// Where a call comes from: the peer, or, while the word of proxies that we trust reaches, the address that `X-Forwarded-For` tells.
///
/// Each proxy appends the address that it saw. The last one that isn't a trusted proxy's own is the first whose word can't be
/// forged by the caller; whatever stands before it is the caller's invention.
pub fn source<'a>(peer: IpAddr, forwarded_for: impl DoubleEndedIterator<Item = &'a str>, trusted: &[Subnet]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|subnet| subnet.contains(address));
    let mut source = peer.to_canonical();
    for told in forwarded_for.rev().flat_map(|value| value.rsplit(',')) {
        if !is_trusted(source) {
            break;
        }
        let Ok(address) = told.trim().parse::<IpAddr>() else { break };
        source = address.to_canonical();
    }
    source
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subnets(texts: &[&str]) -> Vec<Subnet> {
        texts.iter().map(|text| text.parse().expect("valid")).collect()
    }

    #[test]
    fn networks_contain_their_addresses() {
        let cases = [
            ("10.0.0.0/8", "10.1.2.3", true),
            ("10.0.0.0/8", "11.1.2.3", false),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.1", "::ffff:192.0.2.1", true),
            ("192.0.2.1", "192.0.2.2", false),
            ("2001:db8::/32", "2001:db8:1::1", true),
            ("::/0", "2001:db8::1", true),
            ("::/0", "10.0.0.1", false),
        ];
        for (subnet, address, expected) in cases {
            let subnet: Subnet = subnet.parse().expect("valid");
            assert_eq!(subnet.contains(address.parse().expect("valid")), expected, "{subnet} {address}");
        }
        for bad in ["", "10.0.0.0/33", "10.0.0/8", "x/8", "10.0.0.0/", "10.0.0.0/-1"] {
            assert!(bad.parse::<Subnet>().is_err(), "{bad}");
        }
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let peer = "10.0.0.1".parse().expect("valid");
        let trusted = subnets(&["10.0.0.0/8"]);
        let of =
            |values: &[&'static str], trusted: &[Subnet]| source(peer, values.iter().copied(), trusted).to_string();
        assert_eq!(of(&["203.0.113.9"], &[]), "10.0.0.1", "nobody is trusted");
        assert_eq!(of(&[], &trusted), "10.0.0.1");
        assert_eq!(of(&["203.0.113.9"], &trusted), "203.0.113.9");
        assert_eq!(
            of(&["6.6.6.6, 203.0.113.9, 10.0.0.2"], &trusted),
            "203.0.113.9",
            "6.6.6.6 is the caller's invention"
        );
        assert_eq!(of(&["6.6.6.6", "203.0.113.9", "10.0.0.2"], &trusted), "203.0.113.9", "in headers of their own");
        assert_eq!(of(&["unknown, 10.0.0.2"], &trusted), "10.0.0.2");
    }
}
