//! Checksums of bodies: MD5 for the entity tag, and those that S3 clients send along.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use s3s::checksum::ChecksumHasher;
use s3s::crypto::{Checksum, Crc32, Crc32c, Crc64Nvme, Md5, Sha1, Sha256};

use crate::Refusal;
use crate::watch::Seen;

/// A checksum algorithm of S3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Algorithm {
    Crc32,
    Crc32c,
    Crc64Nvme,
    Sha1,
    Sha256,
}

impl Algorithm {
    pub(crate) const ALL: [Self; 5] = [Self::Crc32, Self::Crc32c, Self::Crc64Nvme, Self::Sha1, Self::Sha256];

    /// Its name in the API and in stored attributes.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    /// The algorithm with this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name().eq_ignore_ascii_case(name))
    }

    /// The header or trailer with its value.
    pub(crate) fn header(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
        }
    }

    /// Bytes of a value.
    fn length(self) -> usize {
        match self {
            Self::Crc32 | Self::Crc32c => 4,
            Self::Crc64Nvme => 8,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }

    /// How CRCs of parts are joined; the SHA family can't be.
    fn combiner(self) -> Option<crc_fast::CrcAlgorithm> {
        match self {
            Self::Crc32 => Some(crc_fast::CrcAlgorithm::Crc32IsoHdlc),
            Self::Crc32c => Some(crc_fast::CrcAlgorithm::Crc32Iscsi),
            Self::Crc64Nvme => Some(crc_fast::CrcAlgorithm::Crc64Nvme),
            Self::Sha1 | Self::Sha256 => None,
        }
    }
}

/// Checksums in base64, by algorithm name.
pub(crate) type Checksums = BTreeMap<String, String>;

/// What a client says that its bytes are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Claims {
    md5: Option<String>,
    /// In headers.
    checksums: BTreeMap<Algorithm, String>,
    /// To come in a trailer.
    trailer: Option<Algorithm>,
    /// The algorithms to compute.
    algorithms: Vec<Algorithm>,
}

impl Claims {
    /// Reads the claims of a request. Without any, S3 computes CRC64NVME, or what the upload agreed on.
    pub(crate) fn read(headers: &HeaderMap, agreed: Option<Algorithm>) -> Result<Self, Refusal> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        let mut claims = Self { md5: text("content-md5").map(str::to_owned), ..Self::default() };
        if let Some(md5) = &claims.md5
            && decoded(md5).is_none_or(|bytes| bytes.len() != 16)
        {
            return Err(Refusal::new("InvalidDigest", "The Content-MD5 you specified was invalid.", 400));
        }
        for algorithm in Algorithm::ALL {
            if let Some(value) = text(algorithm.header()) {
                claims.add(algorithm, value)?;
            }
        }
        if claims.checksums.len() > 1 {
            return Err(Refusal::invalid_request(
                "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
            ));
        }
        let announced = text("x-amz-trailer").unwrap_or_default().split(',').map(str::trim);
        claims.trailer = announced
            .filter_map(|name| Algorithm::ALL.into_iter().find(|it| it.header().eq_ignore_ascii_case(name)))
            .next();
        let named = text("x-amz-sdk-checksum-algorithm").and_then(Algorithm::from_name);
        claims.algorithms.extend(claims.checksums.keys());
        claims.algorithms.extend(claims.trailer);
        claims.algorithms.extend(agreed);
        if claims.algorithms.is_empty() {
            claims.algorithms.push(named.unwrap_or(Algorithm::Crc64Nvme));
        }
        claims.algorithms.sort();
        claims.algorithms.dedup();
        Ok(claims)
    }

    fn add(&mut self, algorithm: Algorithm, value: &str) -> Result<(), Refusal> {
        if decoded(value).is_none_or(|bytes| bytes.len() != algorithm.length()) {
            return Err(Refusal::invalid_request(format!("Value for {} header is invalid.", algorithm.header())));
        }
        self.checksums.insert(algorithm, value.to_owned());
        Ok(())
    }

    /// The hashers that check these claims.
    pub(crate) fn hashers(&self) -> Hashers {
        let has = |algorithm| self.algorithms.contains(&algorithm);
        Hashers {
            md5: Md5::new(),
            checksums: ChecksumHasher {
                crc32: has(Algorithm::Crc32).then(Crc32::new),
                crc32c: has(Algorithm::Crc32c).then(Crc32c::new),
                crc64nvme: has(Algorithm::Crc64Nvme).then(Crc64Nvme::new),
                sha1: has(Algorithm::Sha1).then(Sha1::new),
                sha256: has(Algorithm::Sha256).then(Sha256::new),
            },
        }
    }

    /// Compares what was computed with what was claimed, trailers included.
    pub(crate) fn verify(&self, digests: &Digests, seen: &Seen) -> Result<(), Refusal> {
        if let Some(claimed) = &self.md5
            && decoded(claimed).as_deref() != Some(&digests.md5)
        {
            return Err(Refusal::new(
                "BadDigest",
                "The Content-MD5 you specified did not match what we received.",
                400,
            ));
        }
        let mut claimed = self.checksums.clone();
        if let Some(algorithm) = self.trailer {
            let Some(value) = seen.trailer(algorithm.header()) else {
                return Err(Refusal::new(
                    "MalformedTrailerError",
                    "The request contained trailing data that was not well-formed or did not conform to our published schema.",
                    400,
                ));
            };
            claimed.insert(algorithm, value);
        }
        for (algorithm, value) in claimed {
            let computed = digests.checksums.get(algorithm.name()).map(String::as_str).unwrap_or_default();
            if decoded(&value) != decoded(computed) {
                let name = algorithm.name();
                return Err(Refusal::new(
                    "BadDigest",
                    format!("The {name} you specified did not match the calculated checksum."),
                    400,
                ));
            }
        }
        Ok(())
    }
}

/// Digests under way.
pub(crate) struct Hashers {
    md5: Md5,
    checksums: ChecksumHasher,
}

impl Hashers {
    /// Takes in more bytes.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.md5.update(bytes);
        self.checksums.update(bytes);
    }

    /// The digests of all bytes.
    pub(crate) fn finish(self) -> Digests {
        let sums = self.checksums.finalize();
        let all = [
            (Algorithm::Crc32, sums.checksum_crc32),
            (Algorithm::Crc32c, sums.checksum_crc32c),
            (Algorithm::Crc64Nvme, sums.checksum_crc64nvme),
            (Algorithm::Sha1, sums.checksum_sha1),
            (Algorithm::Sha256, sums.checksum_sha256),
        ];
        let checksums = all.into_iter().filter_map(|(algorithm, sum)| Some((algorithm.name().to_owned(), sum?)));
        Digests { md5: self.md5.finalize(), checksums: checksums.collect() }
    }
}

/// Digests of a body.
#[derive(Debug, Clone)]
pub(crate) struct Digests {
    /// MD5.
    pub(crate) md5: [u8; 16],
    /// The others.
    pub(crate) checksums: Checksums,
}

impl Digests {
    /// The entity tag of a body that was put in one piece.
    pub(crate) fn etag(&self) -> String {
        hex(&self.md5)
    }
}

/// The entity tag of an object made of parts: the MD5 of the parts' MD5s, and their count.
pub(crate) fn multipart_etag(etags: &[&str]) -> String {
    let mut md5 = Md5::new();
    for etag in etags {
        md5.update(&unhex(etag));
    }
    format!("{}-{}", hex(&md5.finalize()), etags.len())
}

/// The checksum of an object made of parts: the checksum of the parts' checksums, and their count.
pub(crate) fn composite(algorithm: Algorithm, parts: &[&str]) -> Option<String> {
    let joined: Vec<u8> = parts.iter().map(|part| decoded(part)).collect::<Option<Vec<_>>>()?.concat();
    let claims = Claims { algorithms: vec![algorithm], ..Claims::default() };
    let mut hashers = claims.hashers();
    hashers.update(&joined);
    let sum = hashers.finish().checksums.remove(algorithm.name())?;
    Some(format!("{sum}-{}", parts.len()))
}

/// The checksum of all bytes of an object made of parts, each given with its length.
pub(crate) fn full_object(algorithm: Algorithm, parts: &[(&str, u64)]) -> Option<String> {
    let combiner = algorithm.combiner()?;
    let mut whole = 0;
    for (index, (part, bytes)) in parts.iter().enumerate() {
        let sum = decoded(part)?.iter().fold(0, |sum: u64, byte| sum << 8 | u64::from(*byte));
        whole = if index == 0 { sum } else { crc_fast::checksum_combine(combiner, whole, sum, *bytes) };
    }
    let bytes = whole.to_be_bytes();
    Some(STANDARD.encode(&bytes[bytes.len() - algorithm.length()..]))
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()).unwrap_or(0);
    text.as_bytes().chunks_exact(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(bytes: &[u8]) -> Digests {
        let claims = Claims { algorithms: Algorithm::ALL.to_vec(), ..Claims::default() };
        let mut hashers = claims.hashers();
        hashers.update(bytes);
        hashers.finish()
    }

    #[test]
    fn known_values() {
        let digests = sums(b"123456789");
        assert_eq!(digests.etag(), "25f9e794323b453885f5181f1b624d0b");
        assert_eq!(digests.checksums["CRC32"], STANDARD.encode(0xcbf4_3926_u32.to_be_bytes()));
        assert_eq!(digests.checksums["CRC32C"], STANDARD.encode(0xe306_9283_u32.to_be_bytes()));
        assert_eq!(digests.checksums["CRC64NVME"], STANDARD.encode(0xae8b_1486_0a79_9888_u64.to_be_bytes()));
    }

    #[test]
    fn parts_join_to_the_checksum_of_the_whole() {
        let (left, right) = (vec![7; 5000], vec![9; 321]);
        let whole = sums(&[left.clone(), right.clone()].concat());
        let (a, b) = (sums(&left), sums(&right));
        for algorithm in [Algorithm::Crc32, Algorithm::Crc32c, Algorithm::Crc64Nvme] {
            let name = algorithm.name();
            let parts = [(a.checksums[name].as_str(), 5000), (b.checksums[name].as_str(), 321)];
            assert_eq!(full_object(algorithm, &parts).as_ref(), Some(&whole.checksums[name]), "{name}");
        }
        assert_eq!(full_object(Algorithm::Sha256, &[]), None);
        assert!(
            composite(Algorithm::Sha256, &[&a.checksums["SHA256"], &b.checksums["SHA256"]])
                .expect("a sum")
                .ends_with("=-2")
        );
    }

    #[test]
    fn wrong_claims_are_refused() {
        let mut headers = HeaderMap::new();
        headers.insert("content-md5", "AAAAAAAAAAAAAAAAAAAAAA==".parse().expect("a value"));
        let claims = Claims::read(&headers, None).expect("well-formed");
        assert_eq!(claims.verify(&sums(b"x"), &Seen::default()).expect_err("differs").code, "BadDigest");
        headers.insert("content-md5", "nonsense".parse().expect("a value"));
        assert_eq!(Claims::read(&headers, None).expect_err("malformed").code, "InvalidDigest");
        headers.remove("content-md5");
        headers.insert("x-amz-trailer", "x-amz-checksum-crc32".parse().expect("a value"));
        let claims = Claims::read(&headers, None).expect("well-formed");
        assert_eq!(claims.verify(&sums(b"x"), &Seen::default()).expect_err("missing").code, "MalformedTrailerError");
    }
}
