//! The recorded demo of the README, `assets/demo.svg`: `muban demo` is played in a terminal as `assets/demo/recording.toml` says, and what
//! it drew becomes a picture that moves. It is played whenever the tests run, so that the script leads where it says; it is written
//! anew with `MUBAN_RECORD=assets/demo.svg cargo test --test it recording`.

mod captions;
mod colours;
mod film;
mod frames;
mod moving;
mod play;
mod row;
mod script;
mod shapes;

use script::Script;
use std::path::Path;

/// The largest picture that a page should have to load.
const LARGEST: usize = 400 * 1024;

fn committed() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo.svg")).unwrap()
}

#[test]
fn the_script_leads_where_it_says_and_the_picture_can_be_drawn() {
    let script = Script::read();
    let frames = frames::of(&play::play(&script), script.size);
    let film = film::cut(&script, &frames);
    let picture = moving::draw(&script, &film);
    for pair in film.shots.windows(2) {
        assert!(pair[0].from < pair[1].from, "the film goes on: {} {}", pair[0].from, pair[1].from);
    }
    assert!((25.0..=40.0).contains(&film.length), "it takes {} s", film.length);
    fits_a_page(&picture, &script);
    if let Some(path) = std::env::var_os("MUBAN_RECORD") {
        std::fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(path), picture).unwrap();
    }
}

#[test]
fn the_picture_in_the_readme_is_of_this_script() {
    // One that is being made anew is looked at where it is made.
    if std::env::var_os("MUBAN_RECORD").is_none() {
        fits_a_page(&committed(), &Script::read());
    }
}

/// It has every sentence of the script, nothing that a page would not show, and is small.
fn fits_a_page(picture: &str, script: &Script) {
    for says in script.steps.iter().filter_map(|step| step.says.as_ref()) {
        assert!(picture.contains(&colours::escaped(says)), "made of another script, without {says:?}: record it anew");
    }
    for never in ["<script", "<image", "@import", "href", "url("] {
        assert!(!picture.contains(never), "{never}");
    }
    assert!(picture.contains(">手冲咖啡壶<"), "wide characters are text");
    assert!(picture.len() < LARGEST, "{} bytes", picture.len());
}
