//! The journal from outside: crashes, damage, stored versions, real files, many hands at once.

mod crash;
mod damage;
mod fixture;
mod handle;
mod model;
mod system;
mod world;
