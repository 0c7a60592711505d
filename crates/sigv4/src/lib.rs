//! AWS Signature Version 4: canonical request, sign, verify
