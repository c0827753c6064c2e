//! The industries of historical templates (`wechat-api.md §4.2`).

use std::fmt;

/// `code`, `main`, `sub`, as documented.
const TABLE: &str = include_str!("../../assets/industries.tsv");

/// Names the server gives that no stripping brings to the documented ones, with their codes.
const SPECIAL: [(&str, u8); 2] = [("证券基金理财信托", 8), ("房地产建筑", 29)];

/// One industry an account can choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Industry {
    /// 1 to 41; `api_set_industry` wants it as a text.
    pub code: u8,
    /// The main industry, such as `IT科技`.
    pub main: &'static str,
    /// The industry below it, such as `互联网/电子商务`; no two are the same.
    pub sub: &'static str,
}

impl Industry {
    /// All of them, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.lines().skip(1).filter_map(Self::read)
    }

    /// The industry with this code.
    pub fn by_code(code: u8) -> Option<Self> {
        Self::all().find(|industry| industry.code == code)
    }

    /// The industry the server means by a `second_class` or `deputy_industry`, whose spelling differs from the documented one.
    pub fn by_name(sub: &str) -> Option<Self> {
        let wanted = bare(sub);
        let special = SPECIAL.iter().find(|(name, _)| *name == wanted).and_then(|(_, code)| Self::by_code(*code));
        special.or_else(|| Self::all().find(|industry| bare(industry.sub) == wanted))
    }

    /// What an operator types: a code or a name.
    pub fn by_code_or_name(text: &str) -> Option<Self> {
        match text.trim().parse() {
            Ok(code) => Self::by_code(code),
            Err(_) => Self::by_name(text),
        }
    }

    fn read(line: &'static str) -> Option<Self> {
        let mut cells = line.split('\t');
        Some(Self { code: cells.next()?.parse().ok()?, main: cells.next()?, sub: cells.next()? })
    }
}

impl fmt::Display for Industry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} / {}", self.main, self.sub)
    }
}

/// A name without the signs that differ between the manual and the server, and with one spelling of 其它.
fn bare(name: &str) -> String {
    let kept = name.chars().filter(|c| !matches!(c, '|' | '/' | '_' | '、') && !c.is_whitespace());
    kept.map(|c| if c == '他' { '它' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        let codes: Vec<u8> = Industry::all().map(|industry| industry.code).collect();
        assert_eq!(codes, (1..=41).collect::<Vec<u8>>());
        assert!(Industry::all().all(|industry| !industry.main.is_empty() && !industry.sub.is_empty()));
    }

    #[test]
    fn every_documented_name_leads_back_to_its_code() {
        for industry in Industry::all() {
            assert_eq!(Industry::by_name(industry.sub), Some(industry));
            assert_eq!(Industry::by_code(industry.code), Some(industry));
        }
    }

    #[test]
    fn the_spellings_of_the_server_are_understood() {
        for (name, code) in [
            ("互联网|电子商务", 1),
            ("互联网_电子商务", 1),
            ("IT软件与服务", 2),
            ("证券|基金|理财|信托", 8),
            ("基金|理财|信托", 8),
            ("基金_理财_信托", 8),
            ("公共事业_非盈利机构", 21),
            ("房地产|建筑", 29),
            ("建筑", 29),
            ("其他", 41),
            ("其它", 41),
        ] {
            assert_eq!(Industry::by_name(name).map(|industry| industry.code), Some(code), "{name}");
        }
        for name in ["", "|", "IT科技", "宠物"] {
            assert_eq!(Industry::by_name(name), None, "{name}");
        }
    }

    #[test]
    fn an_operator_gives_a_code_or_a_name() {
        for (text, code) in [("13", Some(13)), (" 7 ", Some(7)), ("快递", Some(13)), ("0", None), ("42", None), ("300", None)] {
            assert_eq!(Industry::by_code_or_name(text).map(|industry| industry.code), code, "{text}");
        }
        assert_eq!(Industry::by_code(1).unwrap().to_string(), "IT科技 / 互联网/电子商务");
    }
}
