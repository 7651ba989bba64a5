//! Sizes of files as people write them: `4MiB`, `500k`, `1048576`.

/// Reads a size in bytes; units are powers of 1024 whatever their spelling (`k`, `KB`, `KiB`), as `--max-file-size`
/// of other tools reads them.
pub fn parse(text: &str) -> Result<u64, String> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let shift = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        _ => {
            return Err(
                "write a number of bytes, or one with KiB, MiB or GiB, as in `4MiB`".to_owned(),
            );
        }
    };
    let number: u64 = number.parse().map_err(|_| {
        "write a number of bytes, or one with KiB, MiB or GiB, as in `4MiB`".to_owned()
    })?;
    number
        .checked_mul(1 << shift)
        .ok_or_else(|| "this is more bytes than a file can have".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_powers_of_1024() {
        assert_eq!(parse("4MiB"), Ok(4 << 20));
        assert_eq!(parse("500k"), Ok(500 << 10));
        assert_eq!(parse("1GB"), Ok(1 << 30));
        assert_eq!(parse("17"), Ok(17));
        for bad in ["", "MiB", "4 MiB", "-1", "4.5M", "4TiB", "99999999999GiB"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
