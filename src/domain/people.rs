//! What WeChat takes as the name of a tag and as a remark (`wechat-api.md §9.4, §10`). Checked before a call is made of it.

use super::id::TagId;
use super::user::Tag;
use thiserror::Error;

/// Most bytes of a tag's name: ten Chinese characters.
pub const TAG_BYTES: usize = 30;
/// Most tags of an account, WeChat's own not counted.
pub const TAGS: usize = 100;
/// Most tags of one user.
pub const TAGS_EACH: usize = 20;
/// Most members of a tag that can be deleted.
pub const DELETABLE: u64 = 100_000;
/// Most characters of a remark.
pub const REMARK_CHARS: usize = 29;
/// Bytes of a remark that every account takes; whether more are taken is not known.
pub const REMARK_BYTES: usize = 29;

/// Why a tag cannot be so.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TagError {
    /// No name.
    #[error("a tag needs a name")]
    Nameless,
    /// Longer than WeChat takes.
    #[error("`{0}` is too long: a tag's name has at most {TAG_BYTES} bytes, which are ten Chinese characters")]
    TooLong(String),
    /// Names are unique.
    #[error("there is a tag `{0}` already")]
    Taken(String),
    /// WeChat's own.
    #[error("`{0}` is WeChat's own tag and cannot be changed")]
    System(String),
    /// The account has as many as it can have.
    #[error("this account has {TAGS} tags, which is all that WeChat allows; delete one first")]
    Full,
    /// More members than a deletion takes.
    #[error("`{name}` has {count} members; WeChat deletes no tag with more than {DELETABLE}: take it from some of them first")]
    TooMany {
        /// Of the tag.
        name: String,
        /// How many have it.
        count: u64,
    },
}

/// Whether a tag is WeChat's own, which nobody can change.
pub fn is_system(tag: TagId) -> bool {
    (0..=2).contains(&tag.0)
}

/// Checks a tag that is to be made.
pub fn check_new_tag(name: &str, tags: &[Tag]) -> Result<(), TagError> {
    if tags.iter().filter(|tag| !is_system(tag.id)).count() >= TAGS {
        return Err(TagError::Full);
    }
    check_name(name, tags)
}

/// Checks a tag that is to get another name.
pub fn check_rename(tag: &Tag, name: &str, tags: &[Tag]) -> Result<(), TagError> {
    check_own(tag)?;
    check_name(name, tags)
}

/// Checks a tag that is to be deleted.
pub fn check_delete(tag: &Tag) -> Result<(), TagError> {
    check_own(tag)?;
    if tag.count > DELETABLE { Err(TagError::TooMany { name: tag.name.clone(), count: tag.count }) } else { Ok(()) }
}

fn check_own(tag: &Tag) -> Result<(), TagError> {
    if is_system(tag.id) { Err(TagError::System(tag.name.clone())) } else { Ok(()) }
}

fn check_name(name: &str, tags: &[Tag]) -> Result<(), TagError> {
    let name = name.trim();
    match name {
        "" => Err(TagError::Nameless),
        _ if name.len() > TAG_BYTES => Err(TagError::TooLong(name.to_owned())),
        _ if tags.iter().any(|tag| tag.name == name) => Err(TagError::Taken(name.to_owned())),
        _ => Ok(()),
    }
}

/// A remark that WeChat does not take.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is too long: a remark has at most {REMARK_CHARS} characters")]
pub struct RemarkError(String);

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
    if text.chars().count() > REMARK_CHARS {
        return Err(RemarkError(text.to_owned()));
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
        assert_eq!(check_new_tag("一二三四五六七八九十", &tags), Ok(()));
        assert!(matches!(check_new_tag("一二三四五六七八九十x", &tags), Err(TagError::TooLong(_))));
        assert!(matches!(check_new_tag(" VIP ", &tags), Err(TagError::Taken(_))));
        assert!(matches!(check_new_tag(" ", &tags), Err(TagError::Nameless)));
        assert!(matches!(check_rename(&tags[0], "x", &tags), Err(TagError::System(_))));
        assert_eq!(check_rename(&tags[1], "x", &tags), Ok(()));
        assert!(matches!(check_delete(&tags[0]), Err(TagError::System(_))));
        assert!(matches!(check_delete(&tags[1]), Err(TagError::TooMany { count: 100_001, .. })));
        assert_eq!(check_delete(&tags[2]), Ok(()));
        let full: Vec<Tag> = (100..200).map(|id| tag(id, &id.to_string(), 0)).chain([tag(2, "星标组", 0)]).collect();
        assert!(matches!(check_new_tag("x", &full), Err(TagError::Full)));
        assert_eq!(check_new_tag("x", &full[1..]), Ok(()));
    }

    #[test]
    fn a_remark_has_a_length_that_is_sure_one_that_is_not_and_one_that_is_none() {
        assert_eq!(check_remark(""), Ok(RemarkFits::Surely));
        assert_eq!(check_remark("一二三四五六七八九"), Ok(RemarkFits::Surely));
        assert_eq!(check_remark("一二三四五六七八九十"), Ok(RemarkFits::Perhaps));
        assert!(check_remark(&"一".repeat(30)).is_err());
    }
}
