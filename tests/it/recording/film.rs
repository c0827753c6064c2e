//! What is shown when: the pace is the script's, however fast the machine was.

use super::frames::Frame;
use super::script::{Script, Step};

/// No more pictures a second are shown of what happens on the way.
const PICTURES: f64 = 10.0;

/// A frame, shown from this second until the next one.
pub struct Shot<'a> {
    pub from: f64,
    pub frame: &'a Frame,
}

/// What stands below: the keys and the sentence.
#[derive(Clone, PartialEq, Debug)]
pub struct Caption {
    pub from: f64,
    pub keys: Vec<String>,
    pub says: String,
}

pub struct Film<'a> {
    pub shots: Vec<Shot<'a>>,
    pub captions: Vec<Caption>,
    /// When the picture is shown that stands for all of it.
    pub still: f64,
    pub length: f64,
}

/// Each step ends with the first frame that is where it leads; the frames before are on the way.
pub fn cut<'a>(script: &Script, frames: &'a [Frame]) -> Film<'a> {
    let mut film = Film { shots: Vec::new(), captions: Vec::new(), still: 0.0, length: 0.0 };
    let (mut next, mut says) = (0, String::new());
    for step in &script.steps {
        let end = next
            + frames[next..].iter().position(|frame| step.reached(&frame.text)).unwrap_or_else(|| {
                panic!("no whole frame shows {:?}", step.shows);
            });
        if let Some(sentence) = &step.says {
            says.clone_from(sentence);
        }
        film.captions.push(Caption { from: film.length, keys: step.keys.clone(), says: says.clone() });
        if step.says.is_some() && !film.shots.is_empty() {
            film.length += script.ahead;
        }
        show(&mut film, step, &frames[next..=end]);
        next = end + 1;
    }
    film
}

fn show<'a>(film: &mut Film<'a>, step: &Step, frames: &'a [Frame]) {
    let Some((end, on_the_way)) = frames.split_last() else { return };
    let pictures = on_the_way.len().min((step.over * PICTURES) as usize);
    for at in 0..pictures {
        let frame = &on_the_way[at * on_the_way.len() / pictures];
        film.put(film.length + step.over * at as f64 / pictures as f64, frame);
    }
    film.length += step.over;
    film.put(film.length, end);
    film.length += step.stays;
    if step.still {
        film.still = film.length - step.stays / 2.0;
    }
}

impl<'a> Film<'a> {
    fn put(&mut self, from: f64, frame: &'a Frame) {
        if self.shots.last().is_none_or(|last| last.frame != frame) {
            self.shots.push(Shot { from, frame });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(text: &str) -> Frame {
        Frame { text: text.to_owned(), rows: Vec::new() }
    }

    #[test]
    fn a_step_ends_where_it_leads_and_its_way_takes_as_long_as_the_script_says() {
        let script = "title = ''\nsize = [1, 1]\nahead = 0.5\n[[step]]\nshows = ['a']\nstays = 1\n\
                      [[step]]\nkeys = ['x']\nsays = 'on'\nshows = ['d']\nover = 2\nstays = 3\nstill = true\n";
        let frames = ["", "a", "b", "c", "d", "e"].map(frame);
        let film = cut(&toml::from_str(script).unwrap(), &frames);
        let shots: Vec<(f64, &str)> = film.shots.iter().map(|shot| (shot.from, shot.frame.text.as_str())).collect();
        assert_eq!(shots, [(0.0, "a"), (1.5, "b"), (2.5, "c"), (3.5, "d")]);
        assert_eq!((film.still, film.length), (5.0, 6.5));
        let caption = |from, keys: &[&str], says: &str| {
            let keys = keys.iter().map(|key| (*key).to_owned()).collect();
            Caption { from, keys, says: says.to_owned() }
        };
        assert_eq!(film.captions, [caption(0.0, &[], ""), caption(1.0, &["x"], "on")]);
    }
}
