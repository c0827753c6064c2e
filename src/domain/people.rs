//! What WeChat takes as the name of a tag and as a remark (`wechat-api.md §9.4, §10`). Checked before a call is made of it.

use super::id::TagId;
use super::user::Tag;

/// Most bytes of a tag's name: ten Chinese characters.
pub const TAG_BYTES: usize = 30;
/// Most tags of an account, WeChat's own not counted.
pub const TAGS: usize = 100;
/// Most tags of one user.
pub const TAGS_EACH: u64 = 20;
/// Most members of a tag that can be deleted.
pub const DELETABLE: u64 = 100_000;
/// Most characters of a remark.
pub const REMARK_CHARS: usize = 29;
/// Bytes of a remark that every account takes; whether more are taken is not known.
pub const REMARK_BYTES: usize = 29;

/// A rule that stands against what is wanted of a tag. The words for it are in the language tables under [`TagError::key`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagError {
    /// No name.
    Nameless,
    /// A line end, tab or other control character in the name.
    Control,
    /// Longer than WeChat takes.
    TooLong(String),
    /// It has this name already.
    Same(String),
    /// Names are unique.
    Taken(String),
    /// WeChat's own.
    System(String),
    /// The account has as many as it can have.
    Full,
    /// More members than a deletion takes.
    TooMany {
        /// Of the tag.
        name: String,
        /// How many have it.
        count: u64,
    },
}

impl TagError {
    /// Name of its sentence in the language tables.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Nameless => "nameless",
            Self::Control => "control",
            Self::TooLong(_) => "too_long",
            Self::Same(_) => "same",
            Self::Taken(_) => "taken",
            Self::System(_) => "system",
            Self::Full => "full",
            Self::TooMany { .. } => "too_many",
        }
    }

    /// What its sentence names.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Nameless | Self::Control => Vec::new(),
            Self::TooLong(name) => {
                vec![("name", name.clone()), ("bytes", name.len().to_string()), ("most", TAG_BYTES.to_string())]
            }
            Self::Same(name) | Self::Taken(name) | Self::System(name) => vec![("name", name.clone())],
            Self::Full => vec![("most", TAGS.to_string())],
            Self::TooMany { name, count } => {
                vec![("name", name.clone()), ("count", count.to_string()), ("most", DELETABLE.to_string())]
            }
        }
    }
}

/// Whether a tag is WeChat's own, which nobody can change.
pub fn is_system(tag: TagId) -> bool {
    (0..=2).contains(&tag.0)
}

/// Checks a tag that is to be made. Gives its name as WeChat gets it, without blanks around it.
pub fn check_new_tag<'a>(name: &'a str, tags: &[Tag]) -> Result<&'a str, TagError> {
    let name = check_name(name)?;
    check_free(name, tags)?;
    if tags.iter().filter(|tag| !is_system(tag.id)).count() >= TAGS { Err(TagError::Full) } else { Ok(name) }
}

/// Checks a tag that is to get another name, and gives that.
pub fn check_rename<'a>(tag: &Tag, name: &'a str, tags: &[Tag]) -> Result<&'a str, TagError> {
    check_own(tag)?;
    let name = check_name(name)?;
    if name == tag.name {
        return Err(TagError::Same(name.to_owned()));
    }
    check_free(name, tags)?;
    Ok(name)
}

/// Checks a tag that is to be deleted.
pub fn check_delete(tag: &Tag) -> Result<(), TagError> {
    check_own(tag)?;
    if tag.count > DELETABLE { Err(TagError::TooMany { name: tag.name.clone(), count: tag.count }) } else { Ok(()) }
}

fn check_own(tag: &Tag) -> Result<(), TagError> {
    if is_system(tag.id) { Err(TagError::System(tag.name.clone())) } else { Ok(()) }
}

fn check_name(name: &str) -> Result<&str, TagError> {
    let name = name.trim();
    match name {
        "" => Err(TagError::Nameless),
        _ if name.chars().any(char::is_control) => Err(TagError::Control),
        _ if name.len() > TAG_BYTES => Err(TagError::TooLong(name.to_owned())),
        _ => Ok(name),
    }
}

fn check_free(name: &str, tags: &[Tag]) -> Result<(), TagError> {
    if tags.iter().any(|tag| tag.name == name) { Err(TagError::Taken(name.to_owned())) } else { Ok(()) }
}

/// A rule that a remark breaks. The words for it are in the language tables under [`RemarkError::key`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemarkError {
    /// A line end, tab or other control character.
    Control,
    /// More than [`REMARK_CHARS`].
    TooLong {
        /// How many it has.
        chars: usize,
    },
}

impl RemarkError {
    /// Name of its sentence in the language tables.
    pub fn key(self) -> &'static str {
        match self {
            Self::Control => "control",
            Self::TooLong { .. } => "too_long",
        }
    }

    /// What its sentence names.
    pub fn args(self) -> Vec<(&'static str, String)> {
        match self {
            Self::Control => Vec::new(),
            Self::TooLong { chars } => vec![("chars", chars.to_string()), ("most", REMARK_CHARS.to_string())],
        }
    }
}

/// What is known of a remark before it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemarkFits {
    /// Every account takes it.
    Surely,
    /// Some sources say that it is too long.
    Perhaps,
}

/// Checks a remark; an empty one takes away what is there.
pub fn check_remark(text: &str) -> Result<RemarkFits, RemarkError> {
    let chars = text.chars().count();
    if text.chars().any(char::is_control) {
        return Err(RemarkError::Control);
    }
    if chars > REMARK_CHARS {
        return Err(RemarkError::TooLong { chars });
    }
    Ok(if text.len() > REMARK_BYTES { RemarkFits::Perhaps } else { RemarkFits::Surely })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(id: i64, name: &str, count: u64) -> Tag {
        Tag { id: TagId(id), name: name.into(), count }
    }

    #[test]
    fn a_tag_keeps_to_the_rules() {
        let tags = [tag(2, "星标组", 3), tag(101, "VIP", 100_001), tag(102, "老客户", 100_000)];
        assert_eq!(check_new_tag(" 一二三四五六七八九十 ", &tags), Ok("一二三四五六七八九十"));
        assert!(matches!(check_new_tag("一二三四五六七八九十x", &tags), Err(TagError::TooLong(_))));
        assert!(matches!(check_new_tag(" VIP ", &tags), Err(TagError::Taken(_))));
        assert!(matches!(check_new_tag(" ", &tags), Err(TagError::Nameless)));
        assert!(matches!(check_rename(&tags[0], "x", &tags), Err(TagError::System(_))));
        assert_eq!(check_rename(&tags[1], "x", &tags), Ok("x"));
        assert_eq!(check_rename(&tags[1], "vip", &tags), Ok("vip"), "case tells names apart");
        assert_eq!(check_rename(&tags[1], "VIP ", &tags), Err(TagError::Same("VIP".into())));
        assert_eq!(check_rename(&tags[1], "老客户", &tags), Err(TagError::Taken("老客户".into())));
        assert_eq!(check_new_tag("a\tb", &tags), Err(TagError::Control));
        assert_eq!(check_new_tag("\u{3000}", &tags), Err(TagError::Nameless));
        assert!(matches!(check_delete(&tags[0]), Err(TagError::System(_))));
        assert!(matches!(check_delete(&tags[1]), Err(TagError::TooMany { count: 100_001, .. })));
        assert_eq!(check_delete(&tags[2]), Ok(()));
        let full: Vec<Tag> = (100..200).map(|id| tag(id, &id.to_string(), 0)).chain([tag(2, "星标组", 0)]).collect();
        assert!(matches!(check_new_tag("x", &full), Err(TagError::Full)));
        assert_eq!(check_new_tag("x", &full[1..]), Ok("x"));
    }

    #[test]
    fn a_remark_has_a_length_that_is_sure_one_that_is_not_and_one_that_is_none() {
        assert_eq!(check_remark(""), Ok(RemarkFits::Surely));
        assert_eq!(check_remark("一二三四五六七八九"), Ok(RemarkFits::Surely));
        assert_eq!(check_remark("一二三四五六七八九十"), Ok(RemarkFits::Perhaps));
        assert_eq!(check_remark(&"一".repeat(30)), Err(RemarkError::TooLong { chars: 30 }));
        assert_eq!(check_remark("a\nb"), Err(RemarkError::Control));
    }
}
