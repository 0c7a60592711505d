//! Hashes, and bytes as texts.

use aws_lc_rs::{digest, hmac};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use md5::{Digest, Md5};
use opentrail_trino::SqlError;

use super::adapt::{binary, unary};
use super::native::{Bytes, F32, F64, I32, I64, Text};
use super::{Registry, fault};

mod murmur;

pub(super) fn register(to: &mut Registry) {
    hashes(to);
    texts(to);
    numbers(to);
}

fn hashes(to: &mut Registry) {
    to.add("md5(varbinary) -> varbinary", unary::<Bytes, _>(|bytes| Md5::digest(bytes).to_vec()));
    to.add("sha1(varbinary) -> varbinary", unary::<Bytes, _>(|bytes| sha(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes)));
    to.add("sha256(varbinary) -> varbinary", unary::<Bytes, _>(|bytes| sha(&digest::SHA256, bytes)));
    to.add("sha512(varbinary) -> varbinary", unary::<Bytes, _>(|bytes| sha(&digest::SHA512, bytes)));
    to.add("hmac_md5(varbinary, varbinary) -> varbinary", binary::<Bytes, Bytes, _>(hmac_md5));
    to.add(
        "hmac_sha1(varbinary, varbinary) -> varbinary",
        binary::<Bytes, Bytes, _>(|bytes, key| sign(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, bytes, key)),
    );
    to.add(
        "hmac_sha256(varbinary, varbinary) -> varbinary",
        binary::<Bytes, Bytes, _>(|bytes, key| sign(hmac::HMAC_SHA256, bytes, key)),
    );
    to.add(
        "hmac_sha512(varbinary, varbinary) -> varbinary",
        binary::<Bytes, Bytes, _>(|bytes, key| sign(hmac::HMAC_SHA512, bytes, key)),
    );
    to.add(
        "crc32(varbinary) -> bigint",
        unary::<Bytes, _>(|bytes| i64::try_from(crc_fast::checksum(crc_fast::CrcAlgorithm::Crc32IsoHdlc, bytes)).ok()),
    );
    to.add("murmur3(varbinary) -> varbinary", unary::<Bytes, _>(murmur::murmur3));
    to.add(
        "xxhash64(varbinary) -> varbinary",
        unary::<Bytes, _>(|bytes| xxhash_rust::xxh64::xxh64(bytes, 0).to_be_bytes().to_vec()),
    );
}

fn sha(algorithm: &'static digest::Algorithm, bytes: &[u8]) -> Vec<u8> {
    digest::digest(algorithm, bytes).as_ref().to_vec()
}

fn sign(algorithm: hmac::Algorithm, bytes: &[u8], key: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(algorithm, key), bytes).as_ref().to_vec()
}

/// RFC 2104 over MD5.
fn hmac_md5(bytes: &[u8], key: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    if key.len() > block.len() {
        block[..16].copy_from_slice(&Md5::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = Md5::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(bytes).finalize();
    Md5::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().to_vec()
}

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const BASE64_URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

fn texts(to: &mut Registry) {
    to.add("to_hex(varbinary) -> varchar", unary::<Bytes, _>(|bytes| hex::encode_upper(bytes)));
    for signature in ["from_hex(varchar) -> varbinary", "from_hex(varbinary) -> varbinary"] {
        let decode =
            |bytes: &[u8]| hex::decode(bytes).map_err(|error| fault::argument(format!("Invalid hex text: {error}")));
        let kernel = if signature.contains("varchar)") {
            unary::<Text, _>(move |text| decode(text.as_bytes()))
        } else {
            unary::<Bytes, _>(move |bytes| decode(bytes))
        };
        to.add(signature, kernel);
    }
    to.add("to_base64(varbinary) -> varchar", unary::<Bytes, _>(|bytes| BASE64.encode(bytes)));
    to.add("to_base64url(varbinary) -> varchar", unary::<Bytes, _>(|bytes| BASE64_URL.encode(bytes)));
    to.add("from_base64(varchar) -> varbinary", unary::<Text, _>(|text| decoded(&BASE64, text.as_bytes())));
    to.add("from_base64(varbinary) -> varbinary", unary::<Bytes, _>(|bytes| decoded(&BASE64, bytes)));
    to.add("from_base64url(varchar) -> varbinary", unary::<Text, _>(|text| decoded(&BASE64_URL, text.as_bytes())));
    to.add("from_base64url(varbinary) -> varbinary", unary::<Bytes, _>(|bytes| decoded(&BASE64_URL, bytes)));
    to.add("to_base32(varbinary) -> varchar", unary::<Bytes, _>(base32));
    to.add("from_base32(varchar) -> varbinary", unary::<Text, _>(from_base32));
}

fn decoded(engine: &GeneralPurpose, text: &[u8]) -> Result<Vec<u8>, SqlError> {
    engine.decode(text).map_err(|error| fault::argument(format!("Invalid base64 text: {error}")))
}

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for chunk in bytes.chunks(5) {
        let mut block = [0; 8];
        block[3..3 + chunk.len()].copy_from_slice(chunk);
        let bits = u64::from_be_bytes(block);
        let used = (chunk.len() * 8).div_ceil(5);
        for index in 0..8 {
            let digit = usize::try_from(bits >> (35 - index * 5) & 31).unwrap_or(0);
            text.push(if index < used { char::from(BASE32[digit]) } else { '=' });
        }
    }
    text
}

fn from_base32(text: &str) -> Result<Vec<u8>, SqlError> {
    let (mut bits, mut count, mut bytes) = (0_u64, 0, Vec::new());
    for letter in text.trim_end_matches('=').bytes() {
        let digit = BASE32.iter().position(|known| *known == letter.to_ascii_uppercase());
        let digit = digit.ok_or_else(|| fault::argument(format!("Invalid base32 text: {text}")))?;
        bits = (bits << 5 | digit as u64) & 0xfff;
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).unwrap_or(0));
        }
    }
    Ok(bytes)
}

fn numbers(to: &mut Registry) {
    to.add("to_big_endian_64(bigint) -> varbinary", unary::<I64, _>(|n| n.to_be_bytes().to_vec()));
    to.add("to_big_endian_32(integer) -> varbinary", unary::<I32, _>(|n| n.to_be_bytes().to_vec()));
    to.add(
        "from_big_endian_64(varbinary) -> bigint",
        unary::<Bytes, _>(|bytes| exactly(bytes).map(i64::from_be_bytes)),
    );
    to.add(
        "from_big_endian_32(varbinary) -> integer",
        unary::<Bytes, _>(|bytes| exactly(bytes).map(i32::from_be_bytes)),
    );
    to.add("to_ieee754_64(double) -> varbinary", unary::<F64, _>(|n| n.to_be_bytes().to_vec()));
    to.add("to_ieee754_32(real) -> varbinary", unary::<F32, _>(|n| n.to_be_bytes().to_vec()));
    to.add("from_ieee754_64(varbinary) -> double", unary::<Bytes, _>(|bytes| exactly(bytes).map(f64::from_be_bytes)));
    to.add("from_ieee754_32(varbinary) -> real", unary::<Bytes, _>(|bytes| exactly(bytes).map(f32::from_be_bytes)));
}

fn exactly<const N: usize>(bytes: &[u8]) -> Result<[u8; N], SqlError> {
    <[u8; N]>::try_from(bytes)
        .map_err(|_| fault::argument(format!("expected {N} bytes of input, but got {}", bytes.len())))
}
