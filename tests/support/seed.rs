//! The seed of property tests.

use proptest::test_runner::{Config, RngSeed};

/// One seed for every run, so that what passed once passes again; `PROPTEST_RNG_SEED` sets another one, to look further.
pub fn seed() -> RngSeed {
    match Config::default().rng_seed {
        RngSeed::Random => RngSeed::Fixed(20_261_121),
        fixed @ RngSeed::Fixed(_) => fixed,
    }
}
