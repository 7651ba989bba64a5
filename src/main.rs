//! The `gomend` binary: hands the arguments to [`gomend::cli`] and turns its answer into the exit code.

fn main() -> std::process::ExitCode {
    gomend::cli::main()
}
