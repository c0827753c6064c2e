//! The tags of one account (`wechat-api.md §10`).

use crate::sim::{bits::Bits, reply::Refusal};

/// Own tags at most; ids below `SYSTEM` belong to WeChat.
const MOST: usize = 100;
const SYSTEM: u32 = 3;
/// A name has at most so many bytes.
const NAME: usize = 30;
/// A tag with more members cannot be deleted.
const DELETABLE: usize = 100_000;
/// Tags of one user.
pub(in crate::sim) const PER_USER: usize = 20;

/// One tag and who has it.
#[derive(Debug, Clone)]
pub(in crate::sim) struct Tag {
    pub(in crate::sim) id: u32,
    pub(in crate::sim) name: String,
    pub(in crate::sim) members: Bits,
}

/// All tags of one account, in order of their ids.
#[derive(Debug, Clone)]
pub(in crate::sim) struct Tags {
    list: Vec<Tag>,
    next: u32,
}

impl Default for Tags {
    fn default() -> Self {
        let star = Tag { id: 2, name: "星标组".into(), members: Bits::default() };
        Self { list: vec![star], next: 100 }
    }
}

impl Tags {
    pub(in crate::sim) fn all(&self) -> &[Tag] {
        &self.list
    }

    pub(in crate::sim) fn by_name(&self, name: &str) -> Option<&Tag> {
        self.list.iter().find(|tag| tag.name == name)
    }

    pub(in crate::sim) fn get(&self, id: u32) -> Result<&Tag, Refusal> {
        self.list.iter().find(|tag| tag.id == id).ok_or(Refusal::of(45159))
    }

    pub(in crate::sim) fn get_mut(&mut self, id: u32) -> Result<&mut Tag, Refusal> {
        self.list.iter_mut().find(|tag| tag.id == id).ok_or(Refusal::of(45159))
    }

    /// The ids of one user's tags.
    pub(in crate::sim) fn of(&self, user: u32) -> impl Iterator<Item = u32> + '_ {
        self.list.iter().filter(move |tag| tag.members.contains(user)).map(|tag| tag.id)
    }

    /// Takes a user out of all tags, as leaving the account does.
    pub(in crate::sim) fn forget(&mut self, user: u32) {
        for tag in &mut self.list {
            tag.members.remove(user);
        }
    }

    pub(in crate::sim) fn create(&mut self, name: &str) -> Result<u32, Refusal> {
        if self.list.iter().filter(|tag| tag.id >= SYSTEM).count() >= MOST {
            return Err(Refusal::of(45056));
        }
        self.accept(name)?;
        let id = self.next;
        self.next += 1;
        self.list.push(Tag { id, name: name.to_owned(), members: Bits::default() });
        Ok(id)
    }

    pub(in crate::sim) fn rename(&mut self, id: u32, name: &str) -> Result<(), Refusal> {
        self.own(id)?;
        self.accept(name)?;
        name.clone_into(&mut self.get_mut(id)?.name);
        Ok(())
    }

    pub(in crate::sim) fn delete(&mut self, id: u32) -> Result<(), Refusal> {
        if self.own(id)?.members.len() > DELETABLE {
            return Err(Refusal::of(45057));
        }
        self.list.retain(|tag| tag.id != id);
        Ok(())
    }

    /// The tag, unless it is one of WeChat's.
    fn own(&self, id: u32) -> Result<&Tag, Refusal> {
        if id < SYSTEM { Err(Refusal::of(45058)) } else { self.get(id) }
    }

    fn accept(&self, name: &str) -> Result<(), Refusal> {
        if name.len() > NAME {
            return Err(Refusal::of(45158));
        }
        if name.trim().is_empty() || name.chars().any(char::is_control) || self.by_name(name).is_some() {
            return Err(Refusal::of(45157));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code<T>(result: Result<T, Refusal>) -> i64 {
        result.err().map_or(0, |refusal| refusal.errcode)
    }

    #[test]
    fn names_are_unique_short_and_not_blank() {
        let mut tags = Tags::default();
        let id = tags.create("广东").unwrap();
        assert_eq!(id, 100);
        assert_eq!(code(tags.create("广东")), 45157);
        assert_eq!(code(tags.create(" ")), 45157);
        assert_eq!(code(tags.create("一二三四五六七八九十一")), 45158);
        assert_eq!(code(tags.rename(id, "一二三四五六七八九十")), 0);
        assert_eq!(code(tags.rename(999, "新")), 45159);
    }

    #[test]
    fn the_tags_of_wechat_stay() {
        let mut tags = Tags::default();
        assert_eq!(code(tags.rename(2, "新")), 45058);
        assert_eq!(code(tags.delete(2)), 45058);
        assert_eq!(code(tags.delete(0)), 45058);
    }

    #[test]
    fn a_hundred_tags_and_no_more() {
        let mut tags = Tags::default();
        for n in 0..100 {
            tags.create(&format!("tag {n}")).unwrap();
        }
        assert_eq!(code(tags.create("one more")), 45056);
    }

    #[test]
    fn a_crowded_tag_cannot_be_deleted() {
        let mut tags = Tags::default();
        let id = tags.create("all").unwrap();
        tags.get_mut(id).unwrap().members = (0..100_001).collect();
        assert_eq!(code(tags.delete(id)), 45057);
        tags.get_mut(id).unwrap().members.remove(0);
        assert_eq!(code(tags.delete(id)), 0);
        assert_eq!(code(tags.delete(id)), 45159);
    }
}
