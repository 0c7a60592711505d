//! Hash, digest chain, key ring, sign and verify
