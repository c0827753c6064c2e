//! What the README shows and tells to type.

use crate::home::{APPID, Home, SECRET};
use muban::sim::{Sim, World};
use std::path::Path;

fn readme() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// The words of a line as a shell reads them, without what is said of it.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for letter in line.split(" #").next().unwrap().chars() {
        match (letter, quote) {
            (' ', None) => words.push(std::mem::take(&mut word)),
            ('"' | '\'', None) => quote = Some(letter),
            (_, Some(open)) if open == letter => quote = None,
            _ => word.push(letter),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn a_first_send_goes_as_it_is_written() {
    let sim = Sim::local(World::demo()).unwrap();
    let (home, url, readme) = (Home::new(), sim.url(), readme());
    let block = readme.split_once("## A first real send\n\n```sh\n").unwrap().1.split_once("```").unwrap().0;
    for line in block.lines() {
        let typed = words(line);
        let mut args: Vec<&str> = typed[1..].iter().map(String::as_str).collect();
        let output = match args[0] {
            "account" => {
                args.extend(["--api-base", &url]);
                args.iter_mut().filter(|arg| **arg == "wx0123456789abcdef").for_each(|arg| *arg = APPID);
                home.run_with(&args, SECRET)
            }
            "send" => home.run(&[&args[..], &["--yes"]].concat()),
            _ => home.run(&args),
        };
        // Some of those who have the tag cannot be reached.
        let right = i32::from(args[0] == "send");
        assert_eq!(output.status.code(), Some(right), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(sim.delivered_count(), 115);
}

#[test]
fn its_pictures_are_there_and_small() {
    let (readme, root) = (readme(), Path::new(env!("CARGO_MANIFEST_DIR")));
    let pictures: Vec<&str> = readme.split("](assets/").skip(1).filter_map(|after| after.split(')').next()).collect();
    assert!(pictures.len() >= 5 && pictures.contains(&"demo.svg"), "{pictures:?}");
    for picture in pictures {
        let most = if picture == "demo.svg" { 400 } else { 150 };
        let size = std::fs::metadata(root.join("assets").join(picture)).unwrap().len();
        assert!(size < most * 1024, "{picture}: {size} bytes");
    }
}
