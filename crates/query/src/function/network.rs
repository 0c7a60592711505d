//! Functions of IP addresses and their networks.

use std::net::{IpAddr, Ipv6Addr};

use opentrail_trino::SqlError;

use super::adapt::{binary, unary};
use super::native::{I64, Sixteen, Text};
use super::{Registry, fault};

pub(super) fn register(to: &mut Registry) {
    to.add("contains(varchar, ipaddress) -> boolean", binary::<Text, Sixteen, _>(contains));
    to.add("ip_prefix(ipaddress, bigint) -> varchar", binary::<Sixteen, I64, _>(prefix));
    to.add("ip_prefix(varchar, bigint) -> varchar", binary::<Text, I64, _>(|text, bits| prefix(&parse(text)?, bits)));
    to.add(
        "ip_subnet_min(varchar) -> ipaddress",
        unary::<Text, _>(|network| Ok::<_, SqlError>(Network::parse(network)?.least())),
    );
    to.add(
        "ip_subnet_max(varchar) -> ipaddress",
        unary::<Text, _>(|network| Ok::<_, SqlError>(Network::parse(network)?.most())),
    );
    to.add("is_subnet_of(varchar, ipaddress) -> boolean", binary::<Text, Sixteen, _>(contains));
}

fn parse(text: &str) -> Result<[u8; 16], SqlError> {
    let address: IpAddr = text.parse().map_err(|_| fault::cast(format!("Cannot cast value to IPADDRESS: {text}")))?;
    Ok(match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets(),
        IpAddr::V6(v6) => v6.octets(),
    })
}

/// An address and how many of its leading bits count.
struct Network {
    address: u128,
    mask: u128,
    is_v4: bool,
}

impl Network {
    fn parse(text: &str) -> Result<Self, SqlError> {
        let invalid = || fault::argument(format!("Invalid CIDR: {text}"));
        let (address, bits) = text.split_once('/').ok_or_else(invalid)?;
        let address: IpAddr =
            address.parse().map_err(|_| fault::argument(format!("Invalid network IP address: {text}")))?;
        let bits: u32 = bits.parse().map_err(|_| invalid())?;
        let (octets, width, is_v4) = match address {
            IpAddr::V4(v4) => (v4.to_ipv6_mapped().octets(), 32, true),
            IpAddr::V6(v6) => (v6.octets(), 128, false),
        };
        if bits > width {
            return Err(fault::argument(format!("Prefix length exceeds address length: {text}")));
        }
        let mask = u128::MAX.checked_shl(width - bits).unwrap_or(0);
        Ok(Self { address: u128::from_be_bytes(octets), mask, is_v4 })
    }

    fn least(&self) -> [u8; 16] {
        (self.address & self.mask).to_be_bytes()
    }

    fn most(&self) -> [u8; 16] {
        (self.address | !self.mask).to_be_bytes()
    }
}

fn contains(network: &str, address: &[u8]) -> Result<bool, SqlError> {
    let network = Network::parse(network)?;
    let address: [u8; 16] = address.try_into().map_err(fault::internal)?;
    if Ipv6Addr::from(address).to_ipv4_mapped().is_some() != network.is_v4 {
        return Ok(false);
    }
    Ok(u128::from_be_bytes(address) & network.mask == network.address & network.mask)
}

/// `10.1.0.0/16`
fn prefix(address: &[u8], bits: i64) -> Result<String, SqlError> {
    let address: [u8; 16] = address.try_into().map_err(fault::internal)?;
    let width = if Ipv6Addr::from(address).to_ipv4_mapped().is_some() { 32 } else { 128 };
    let bits = u32::try_from(bits).ok().filter(|bits| *bits <= width);
    let bits = bits.ok_or_else(|| fault::argument(format!("IP subnet size must be in [0, {width}]")))?;
    let mask = u128::MAX.checked_shl(width - bits).unwrap_or(0);
    let least = (u128::from_be_bytes(address) & mask).to_be_bytes();
    Ok(format!("{}/{bits}", super::print::ip(&least)))
}
