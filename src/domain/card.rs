//! What the recipient sees of a message (`wechat-api.md §4.1, §5.1, §5.2`). No phone was asked: it is the documentation's word.

use super::message::{Message, empty_is_a_value};
use super::rules::shape::{is_emoji, is_stripped};
use super::template::{Generation, Template};

/// Characters of a historical value that are shown.
const SHOWN: usize = 20;

/// A card in the recipient's chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Its heading.
    pub title: String,
    /// What it says, in the order of the template.
    pub lines: Vec<CardLine>,
    /// What opens when it is tapped; nothing if it cannot be.
    pub jump: Option<Jump>,
}

/// One thing that a card says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardLine {
    /// The key of the field.
    pub key: String,
    /// The words before the value.
    pub label: String,
    /// The value as it is shown.
    pub value: String,
    /// Whether nothing is shown, though WeChat takes it.
    pub blank: bool,
}

/// What a tap opens. With both, the mini program wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jump {
    /// A web page.
    Web,
    /// A mini program.
    Mini,
}

impl Card {
    /// The card of a message.
    pub fn of(template: &Template, message: &Message) -> Self {
        let generation = template.generation();
        let is_shown = |key: &str| generation == Generation::Category || !matches!(key, "first" | "remark");
        let fields = template.fields().into_iter().filter(|field| is_shown(&field.key));
        let line = |field: super::template::Field| {
            let value = shown(generation, message.value(&field.key).unwrap_or_default());
            let taken = generation == Generation::Historical || empty_is_a_value(field.kind);
            CardLine { blank: value.is_empty() && taken, value, label: field.name().to_owned(), key: field.key }
        };
        let jump = match (&message.mini, &message.url) {
            (Some(_), _) => Some(Jump::Mini),
            (None, Some(_)) => Some(Jump::Web),
            (None, None) => None,
        };
        Self { title: template.title.clone(), lines: fields.map(line).collect(), jump }
    }
}

fn shown(generation: Generation, value: &str) -> String {
    match generation {
        Generation::Category => value.chars().filter(|c| !is_stripped(*c)).collect::<String>().trim().to_owned(),
        Generation::Historical => {
            let line = value.lines().next().unwrap_or_default().trim();
            // What belongs to the emoji before it is not shown beside it.
            let belongs = |c: &char| matches!(*c, '\u{fe0f}' | '\u{200d}') || ('\u{1f3fb}'..='\u{1f3ff}').contains(c);
            let plain = line.chars().filter(|c| !belongs(c)).map(|c| if is_emoji(c) { '□' } else { c });
            let plain: Vec<char> = plain.collect();
            let cut = plain.iter().take(SHOWN).collect::<String>();
            if plain.len() > SHOWN { format!("{cut}…") } else { cut }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{AppId, TemplateId};
    use crate::domain::message::{FieldValue, MiniProgram};

    fn card(content: &str, values: &[(&str, &str)]) -> Card {
        let template = Template { title: "标题".into(), content: content.into(), ..Template::empty(TemplateId::trusted("T")) };
        let mut message = Message::new(TemplateId::trusted("T"));
        message.values = values.iter().map(|(k, v)| FieldValue { key: (*k).into(), value: (*v).into(), color: None }).collect();
        Card::of(&template, &message)
    }

    fn lines(card: &Card) -> Vec<(&str, &str)> {
        card.lines.iter().map(|line| (line.label.as_str(), line.value.as_str())).collect()
    }

    #[test]
    fn a_category_card_shows_values_as_sent_but_for_what_is_stripped() {
        let values = [("thing1", "①某某公司🎉"), ("thing2", "②③"), ("const3", "")];
        let card = card("单位:{{thing1.DATA}}\n人:{{thing2.DATA}}\n状态:{{const3.DATA}}\n", &values);
        assert_eq!(lines(&card), [("单位", "某某公司🎉"), ("人", ""), ("状态", "")]);
        assert_eq!((card.title.as_str(), card.jump), ("标题", None));
        let blank: Vec<bool> = card.lines.iter().map(|line| line.blank).collect();
        assert_eq!(blank, [false, false, true], "only a const is taken without a value");
    }

    #[test]
    fn a_historical_card_drops_its_frame_and_cuts_the_rest() {
        let long = "一二三四五六七八九十一二三四五六七八九十一二";
        let values = [("first", "您好"), ("k1", long), ("k2", "第一行\n第二行"), ("k3", "好👍🏽了❤️"), ("remark", "再见")];
        let card = card("{{first.DATA}}\n甲：{{k1.DATA}}\n乙：{{k2.DATA}}\n丙：{{k3.DATA}}\n{{remark.DATA}}", &values);
        assert_eq!(lines(&card), [("甲", "一二三四五六七八九十一二三四五六七八九十…"), ("乙", "第一行"), ("丙", "好□了□")]);
    }

    #[test]
    fn a_mini_program_wins_over_a_page() {
        let template = Template::empty(TemplateId::trusted("T"));
        let mut message = Message::new(TemplateId::trusted("T"));
        message.url = Some("https://example.com".into());
        assert_eq!(Card::of(&template, &message).jump, Some(Jump::Web));
        message.mini = Some(MiniProgram { appid: AppId::trusted("wx1"), path: None });
        assert_eq!(Card::of(&template, &message).jump, Some(Jump::Mini));
    }
}
