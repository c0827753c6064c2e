//! The thin binary: arguments, configuration, then the screen or one command.

fn main() -> std::process::ExitCode {
    muban::cli::main()
}
