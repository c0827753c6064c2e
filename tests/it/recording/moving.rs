//! The film as a picture that moves by itself: every different row is drawn once, and shown in its times.

use super::captions;
use super::colours::{PAPER, escaped, hex};
use super::film::Film;
use super::row::{HEIGHT, Inks, WIDTH, draw as draw_row};
use super::script::Script;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Around the terminal, its title above and the captions below.
const MARGIN: usize = 12;
const TITLE: usize = 34;
const CAPTIONS: usize = 44;

/// From when until when something is seen, again and again.
type Times = Vec<(f64, f64)>;

/// The ways of being seen, each by a class.
#[derive(Default)]
struct Ways(Vec<Times>);

impl Ways {
    fn class(&mut self, times: Times) -> usize {
        self.0.iter().position(|known| *known == times).unwrap_or_else(|| {
            self.0.push(times);
            self.0.len() - 1
        })
    }

    /// Where pictures do not move, what is seen is what was there at `still`.
    fn style(&self, still: f64, length: f64) -> String {
        let mut out = format!("g{{animation:{length:.2}s step-end infinite}}");
        for (class, times) in self.0.iter().enumerate().filter(|(_, times)| **times != [(0.0, length)]) {
            let seen = times.iter().any(|(from, to)| (*from..*to).contains(&still));
            let hidden = if seen { "" } else { "visibility:hidden;" };
            write!(out, ".v{class}{{{hidden}animation-name:v{class}}}@keyframes v{class}{{").unwrap();
            if times[0].0 > 0.0 {
                out += "0%{visibility:hidden}";
            }
            for (from, to) in times {
                write!(out, "{}%{{visibility:visible}}", share(*from, length)).unwrap();
                if *to < length {
                    write!(out, "{}%{{visibility:hidden}}", share(*to, length)).unwrap();
                }
            }
            out += "}";
        }
        out + "@media(prefers-reduced-motion:reduce){g{animation:none!important}}"
    }
}

fn share(at: f64, length: f64) -> String {
    let share = format!("{:.2}", at * 100.0 / length);
    share.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The whole picture.
pub fn draw(script: &Script, film: &Film) -> String {
    let (mut inks, mut ways) = (Inks::default(), Ways::default());
    let rows = rows(script, film, &mut inks, &mut ways);
    let below = below(film, &mut ways);
    let (cols, lines) = (usize::from(script.size.0), usize::from(script.size.1));
    let (width, height) = (cols * WIDTH + 2 * MARGIN, lines * HEIGHT + TITLE + CAPTIONS);
    let captions = format!(r#"<svg x="{MARGIN}" y="{}">{below}</svg>"#, lines * HEIGHT + TITLE + 11);
    let style = ways.style(film.still, film.length) + &inks.style();
    format!(
        "{}<style>{STYLE}{style}</style>{}<svg x=\"{MARGIN}\" y=\"{TITLE}\">{rows}</svg>\n{captions}</svg>\n",
        head(width, height, script),
        window(width, height, script),
    )
}

const STYLE: &str = "text{white-space:pre;fill:#c8ccd4;font:13.33px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',\
                     'Liberation Mono','PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Noto Sans Mono CJK SC',monospace}\
                     .w{font-size:15px}.b{font-weight:700}path{fill:none}\
                     .s{font:15px system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif}.k{fill:#30343e}";

fn head(width: usize, height: usize, script: &Script) -> String {
    let said: Vec<&str> = script.steps.iter().filter_map(|step| step.says.as_deref()).collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n\
         <title>{}</title>\n<desc>{}</desc>\n",
        escaped(&script.title),
        escaped(&said.join(" "))
    )
}

fn window(width: usize, height: usize, script: &Script) -> String {
    let mut dots = String::new();
    for (x, fill) in [(20, "#e06c75"), (38, "#d7ba7d"), (56, "#98c379")] {
        write!(dots, r#"<circle cx="{x}" cy="17" r="5.5" fill="{fill}"/>"#).unwrap();
    }
    format!(
        "<rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"#23262e\"/>\
         <rect y=\"{TITLE}\" width=\"{width}\" height=\"{}\" fill=\"{}\"/>{dots}\
         <text x=\"{}\" y=\"22\" class=\"s\" text-anchor=\"middle\">{}</text>\n",
        height - TITLE - CAPTIONS,
        hex(PAPER),
        width / 2,
        escaped(&script.title)
    )
}

/// Every row of the terminal, in each look that it ever has.
fn rows(script: &Script, film: &Film, inks: &mut Inks, ways: &mut Ways) -> String {
    let mut out = String::new();
    for y in 0..usize::from(script.size.1) {
        let mut looks = BTreeMap::new();
        for (at, shot) in film.shots.iter().enumerate() {
            let until = film.shots.get(at + 1).map_or(film.length, |next| next.from);
            see(looks.entry(&shot.frame.rows[y]).or_default(), shot.from, until);
        }
        write!(out, "<svg y=\"{}\">", y * HEIGHT).unwrap();
        for (cells, times) in looks {
            let drawn = draw_row(cells, inks);
            if !drawn.is_empty() {
                writeln!(out, "<g class=\"v{}\">{drawn}</g>", ways.class(times)).unwrap();
            }
        }
        out += "</svg>";
    }
    out
}

fn below(film: &Film, ways: &mut Ways) -> String {
    let mut out = String::new();
    for (at, caption) in film.captions.iter().enumerate() {
        let until = film.captions.get(at + 1).map_or(film.length, |next| next.from);
        let class = ways.class(vec![(caption.from, until)]);
        writeln!(out, "<g class=\"v{class}\">{}</g>", captions::draw(caption)).unwrap();
    }
    out
}

/// What goes on is seen on and on.
fn see(times: &mut Times, from: f64, until: f64) {
    match times.last_mut() {
        Some(last) if last.1 >= from => last.1 = until,
        _ => times.push((from, until)),
    }
}

#[test]
fn what_is_seen_twice_is_hidden_in_between_and_still_pictures_show_one_moment() {
    let mut ways = Ways::default();
    assert_eq!(
        [vec![(0.0, 1.0), (3.0, 4.0)], vec![(1.0, 3.0)], vec![(0.0, 1.0), (3.0, 4.0)]].map(|times| ways.class(times)),
        [0, 1, 0]
    );
    let style = ways.style(2.0, 4.0);
    let twice = "@keyframes v0{0%{visibility:visible}25%{visibility:hidden}75%{visibility:visible}}";
    assert!(style.contains(twice) && style.contains(".v0{visibility:hidden;animation-name:v0}"), "{style}");
    assert!(style.contains("@keyframes v1{0%{visibility:hidden}25%{visibility:visible}75%{visibility:hidden}}"), "{style}");
    assert!(style.contains(".v1{animation-name:v1}"), "{style}");
}
