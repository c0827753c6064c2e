use super::*;

#[test]
fn the_table_is_read_and_every_row_has_its_sentence() {
    let map = Keymap::parse(TABLE).unwrap();
    for row in &map.bindings {
        for lang in [Lang::En, Lang::Zh] {
            assert_ne!(Texts::of(lang).say(&row.text), row.text, "{:?}", row.action);
        }
        assert!(!row.keys.is_empty(), "{:?}", row.action);
    }
    for place in Place::ALL {
        assert_ne!(Texts::of(Lang::Zh).say(place.text_key()), place.text_key());
    }
}

#[test]
fn no_key_means_two_things_where_both_work() {
    let map = Keymap::parse(TABLE).unwrap();
    for (at, row) in map.rows().iter().enumerate() {
        for other in map.rows()[at + 1..].iter().filter(|other| other.place.meets(row.place) && other.action != row.action) {
            for key in &row.keys {
                assert!(!other.keys.iter().any(|taken| taken.meets(key)), "{key}: {} and {}", row.name, other.name);
            }
        }
    }
}

#[test]
fn a_text_field_leaves_letters_alone() {
    let map = Keymap::standard();
    for c in '!'..='~' {
        assert_eq!(map.action(Place::Edit, c.to_string().parse().unwrap()), None, "{c}");
    }
    assert_eq!(map.action(Place::Edit, "space".parse().unwrap()), None);
}

#[test]
fn nonsense_is_refused() {
    let row = |action: &str, keys: &str| format!("[[key]]\naction='{action}'\nplace='list'\nkeys=[{keys}]\ntext='up'\n");
    assert!(Keymap::parse(&row("fly", "'a'")).is_err());
    assert!(Keymap::parse(&row("up", "'nokey'")).is_err());
    assert!(Keymap::parse(&format!("{}{}", row("up", "'a'"), row("down", "'a'"))).unwrap_err().contains("both"));
}

/// Reads own keys: the map, and each mistake in English.
fn own(toml: &str) -> (Keymap, Vec<String>) {
    let (map, mistakes) = Keymap::with(toml);
    for mistake in &mistakes {
        assert_ne!(mistake.words(Texts::of(Lang::En)), mistake.words(Texts::of(Lang::Zh)));
    }
    (map, mistakes.iter().map(|mistake| mistake.words(Texts::of(Lang::En))).collect())
}

fn find(map: &Keymap, place: Place, keys: &str) -> Found {
    map.find(place, keys.parse::<Chord>().unwrap().keys())
}

#[test]
fn own_rows_replace_the_keys_of_their_action_there() {
    let (map, wrong) = own(
        "[users]\nselect = ['space', 'v']\nuser_history = 'V'\nblock_users = []\n[everywhere]\npalette = ['x', 'ctrl-p', 'z p']\n",
    );
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(find(&map, Place::Users, "v"), Found::Action(Action::Select));
    assert_eq!(find(&map, Place::Users, "V"), Found::Action(Action::UserHistory));
    assert_eq!(find(&map, Place::Users, "B"), Found::Nothing);
    assert_eq!(find(&map, Place::Compose, "v"), Found::Action(Action::EditOutside), "elsewhere it is as it was");
    assert_eq!(find(&map, Place::Users, "z"), Found::Begun);
    assert_eq!(find(&map, Place::Users, "z p"), Found::Action(Action::Palette));
    assert_eq!(find(&map, Place::Users, "z z"), Found::Nothing);
    assert_eq!(map.name(Action::BlockUsers), "x", "what has no key is in the palette");
}

#[test]
fn two_actions_can_change_their_keys() {
    let (map, wrong) = own("[users]\nselect = ['v']\nuser_history = ['space']\n");
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(find(&map, Place::Users, "space"), Found::Action(Action::UserHistory));
}

#[test]
fn what_is_done_everywhere_can_have_another_key_in_one_place() {
    let (map, wrong) = own("[users]\nsync = ['S y']\n[edit]\npalette = ['ctrl-p']\n[everywhere]\nsend = ['s']\n");
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(find(&map, Place::Users, "S y"), Found::Action(Action::Sync));
    assert_eq!(find(&map, Place::Tags, "S y"), Found::Nothing);
    assert_eq!(find(&map, Place::Edit, "ctrl-p"), Found::Action(Action::Palette));
}

#[test]
fn every_mistake_is_told_by_its_place_and_the_rest_counts() {
    let toml = "\
[user]
select = ['v']
[users]
selekt = ['v']
pause = ['P']
join = 3
subtract = ['cmd-x']
preview_as = ['f']
search = ['?']
test_send = ['%']
[edit]
color = ['c', '你']
offer = ['ctrl-space']
back = []
[everywhere]
quit = []
help = []
theme = ['T', 'T t']
[list]
top = ['~ ~']
bottom = ['~']
";
    let (map, wrong) = own(toml);
    let expected = [
        "Line 1, column 2: there is no place `user`. Did you mean `users`?",
        "Line 4, column 1: nothing in `4 Users` is called `selekt`. Did you mean `select`?",
        "Line 5, column 1: `pause` is nothing that can be done in `4 Users`. Write it under [send].",
        "Line 6, column 1: `join` needs a key or a list of keys",
        "Line 7, column 13: `cmd-x` is no key.",
        "Line 8, column 1: `f` cannot be `preview_as` in `4 Users`: it is `filter` in `4 Users` already.",
        "Line 9, column 1: `?` cannot be `search` in `4 Users`: it is `help` in `Everywhere` already.",
        "Line 12, column 10: `c` writes or edits in a text field",
        "Line 12, column 15: `你` writes",
        "Line 13, column 10: `ctrl-space` writes",
        "Line 14, column 1: `back` in `5 Compose, in a field` has to keep a key",
        "Line 16, column 1: `quit` in `Everywhere` has to keep a key",
        "Line 17, column 1: `help` in `Everywhere` has to keep a key",
        "Line 18, column 1: `T t` cannot be `theme` in `Everywhere` beside `T` for `theme` in `Everywhere`: one begins like the other.",
        "Line 21, column 1: `~` cannot be `bottom` in `In every list` beside `~ ~` for `top`",
    ];
    assert_eq!(wrong.len(), expected.len(), "{wrong:#?}");
    for (wrong, expected) in wrong.iter().zip(expected) {
        assert!(wrong.starts_with(expected), "{wrong}\n{expected}");
    }
    assert_eq!(find(&map, Place::Users, "%"), Found::Action(Action::TestSend), "the rest counts");
    assert_eq!(find(&map, Place::Users, "p"), Found::Action(Action::PreviewAs), "what is wrong leaves the usual key");
    assert_eq!(find(&map, Place::Users, "G"), Found::Action(Action::Bottom));
    assert_eq!(find(&map, Place::Users, "~ ~"), Found::Action(Action::Top));
}

#[test]
fn what_is_no_toml_is_told_and_the_rest_counts() {
    let (map, wrong) = own("[users]\nselect = ['v'\n[tags]\nnew_tag = ['N']\nnew_tag = ['M']\n");
    assert!(!wrong.is_empty() && wrong[0].contains("this is not TOML"), "{wrong:?}");
    assert_eq!(find(&map, Place::Everywhere, "q"), Found::Action(Action::Quit));
}

#[test]
fn a_file_that_cannot_be_read_is_told_and_one_that_is_not_there_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::in_one(dir.path());
    assert_eq!(Keymap::of_home(&home).1, []);
    std::fs::create_dir(home.keys()).unwrap();
    assert!(matches!(&Keymap::of_home(&home).1[..], [Mistake { at: None, wrong: Wrong::Unreadable(_) }]));
}

mod anything {
    use super::*;
    use proptest::prelude::*;

    fn keys() -> impl Strategy<Value = String> {
        let one = prop_oneof![
            "[a-zA-Z0-9/?+&-]",
            "ctrl-[a-z]",
            "alt-[a-z]",
            Just("space".to_owned()),
            Just("enter".to_owned()),
            Just("esc".to_owned()),
            Just("你".to_owned()),
            Just("up".to_owned()),
            Just("f5".to_owned()),
            ".{0,6}",
        ];
        proptest::collection::vec(one, 1..3).prop_map(|keys| keys.join(" "))
    }

    fn rows() -> impl Strategy<Value = String> {
        let names: Vec<String> = Keymap::standard().rows().iter().map(|row| row.name.clone()).collect();
        let row = (proptest::sample::select(names), proptest::collection::vec(keys(), 0..3));
        let place = (proptest::sample::select(Place::ALL.map(Place::name).to_vec()), proptest::collection::vec(row, 0..6));
        proptest::collection::vec(place, 0..6).prop_map(|places| {
            let row =
                |(name, keys): (String, Vec<String>)| [name, " = ".into(), serde_json::json!(keys).to_string(), "\n".into()];
            let place = |(place, rows): (&'static str, Vec<_>)| {
                [format!("[{place}]\n")].into_iter().chain(rows.into_iter().flat_map(row))
            };
            places.into_iter().flat_map(place).collect()
        })
    }

    proptest! {
        #[test]
        fn any_text_leaves_a_map_that_agrees_with_itself(toml in prop_oneof![rows(), ".{0,80}"]) {
            let (map, _) = Keymap::with(&toml);
            for (at, row) in map.rows().iter().enumerate() {
                for other in map.rows()[at + 1..].iter().filter(|other| other.place.meets(row.place) && other.name != row.name) {
                    for key in &row.keys {
                        prop_assert!(!other.keys.iter().any(|taken| taken.meets(key)), "{key}: {} and {}", row.name, other.name);
                    }
                }
            }
            for action in [Action::Quit, Action::Palette, Action::Help] {
                prop_assert!(map.of(Place::Everywhere).any(|row| row.action == action && !row.keys.is_empty()));
            }
        }

        #[test]
        fn no_own_key_takes_text_from_a_field(toml in rows(), typed in prop_oneof![proptest::char::range(' ', '~'), proptest::char::range('\u{4e00}', '\u{9fff}')]) {
            let (map, _) = Keymap::with(&toml);
            prop_assert_eq!(map.find(Place::Edit, &[Key::plain(crate::tui::input::Code::Char(typed))]), Found::Nothing);
        }
    }
}

#[test]
fn what_the_readme_tells_to_write_is_read_without_a_mistake() {
    let readme = include_str!("../../../README.md");
    let example = readme.split("```toml\n").find(|block| block.starts_with("[users]")).unwrap().split("```").next().unwrap();
    let (map, wrong) = own(example);
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(find(&map, Place::Tags, "g g"), Found::Action(Action::Top));
    assert_eq!(find(&map, Place::Tags, "z p"), Found::Action(Action::Palette));
}
