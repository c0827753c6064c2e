//! One account: what the platform keeps about it.

mod churn;
mod followers;
mod openids;
mod quota;
mod tags;
mod templates;
mod tokens;

pub(super) use churn::Churn;
pub use followers::Standing;
pub(super) use followers::{Followers, Names};
pub(super) use quota::Quotas;
pub(super) use tags::{PER_USER, Tags};
pub use templates::Template;
pub(super) use templates::{Entry, Templates};
pub(super) use tokens::Tokens;

use super::{
    clock::Moment,
    demo,
    rng::{Rng, at},
};

/// An Official Account with everything the server knows about it.
#[derive(Debug, Clone)]
pub struct Account {
    /// What its owner calls it; WeChat's API never says it.
    pub name: String,
    /// `wx` and 16 hexadecimal digits.
    pub appid: String,
    /// 32 hexadecimal digits. Not a secret of anyone: this account does not exist.
    pub secret: String,
    /// Certified accounts have the permissions; others get 48001 for everything but tokens.
    pub certified: bool,
    /// Mini programs that messages may jump to.
    pub mini_programs: Vec<String>,
    pub(super) industries: Vec<u8>,
    pub(super) industry_month: Option<(i16, i8)>,
    pub(super) tokens: Tokens,
    pub(super) followers: Followers,
    pub(super) tags: Tags,
    pub(super) templates: Templates,
    pub(super) quotas: Quotas,
    pub(super) blocked: Vec<Blocked>,
}

/// A message that the content check held back (`wechat-api.md §4.8`).
#[derive(Debug, Clone)]
pub(super) struct Blocked {
    pub(super) template_id: String,
    pub(super) openid: String,
    pub(super) client_msg_id: Option<String>,
    pub(super) content: String,
    pub(super) at: Moment,
}

impl Account {
    /// A certified account without followers, templates and tags; appid and secret are derived from the seed.
    pub fn new(name: &str, seed: u64) -> Self {
        let mut rng = Rng::new(at(seed, 0));
        Self {
            name: name.to_owned(),
            appid: format!("wx{}", rng.hex(16)),
            secret: rng.hex(32),
            certified: true,
            mini_programs: Vec::new(),
            industries: Vec::new(),
            industry_month: None,
            tokens: Tokens::default(),
            followers: Followers::new(rng.next(), demo::names()),
            tags: Tags::default(),
            templates: Templates::default(),
            quotas: Quotas::default(),
            blocked: Vec::new(),
        }
    }

    /// With `count` computed followers; before anyone [`follow`](Self::follow)s.
    #[must_use]
    pub fn with_followers(mut self, count: u32) -> Self {
        self.followers.compute(count);
        self
    }

    /// With one more template.
    #[must_use]
    pub fn with_template(mut self, template: Template) -> Self {
        self.templates.list.push(template);
        self
    }

    /// With a tag, given to the followers with these numbers. A name that WeChat refuses makes no tag.
    #[must_use]
    pub fn with_tag(mut self, name: &str, members: impl IntoIterator<Item = u32>) -> Self {
        self.add_tag(name, members);
        self
    }

    pub(super) fn add_tag(&mut self, name: &str, members: impl IntoIterator<Item = u32>) {
        if let Ok(tag) = self.tags.create(name).and_then(|id| self.tags.get_mut(id)) {
            tag.members = members.into_iter().collect();
        }
    }

    /// How many `user/get` lists.
    pub fn follower_count(&self) -> usize {
        self.followers.listed()
    }

    /// The openid of the follower with this number: 0 is the oldest.
    pub fn openid(&self, number: u32) -> String {
        self.followers.openid(number)
    }

    /// The openids that `user/get` lists, in its order.
    pub fn openids(&self) -> impl Iterator<Item = String> + '_ {
        self.followers.list_from(0).map(|n| self.followers.openid(n))
    }

    /// The openids of a tag's members, in the order of `user/tag/get`; none for an unknown tag.
    pub fn tag_members(&self, name: &str) -> Vec<String> {
        let members = self.tags.by_name(name).map(|tag| &tag.members);
        members.into_iter().flat_map(|bits| bits.from(0)).map(|n| self.followers.openid(n)).collect()
    }

    /// The id of a tag.
    pub fn tag_id(&self, name: &str) -> Option<u32> {
        self.tags.by_name(name).map(|tag| tag.id)
    }

    /// How someone stands to the account; `None` for an openid it never saw.
    pub fn standing(&self, openid: &str) -> Option<Standing> {
        self.followers.number(openid).map(|n| self.followers.standing(n))
    }

    /// Changes how a follower stands to the account; leaving takes the tags away. Whether the openid is known.
    pub fn set_standing(&mut self, openid: &str, standing: Standing) -> bool {
        let Some(number) = self.followers.number(openid) else { return false };
        self.followers.set(number, standing);
        if standing == Standing::Left {
            self.tags.forget(number);
        }
        true
    }

    /// Lets someone follow, with whatever openid.
    pub fn follow(&mut self, openid: &str) {
        self.followers.follow(openid);
    }

    /// Puts someone on the blacklist, or takes them off. Whether the openid is known.
    pub fn blacklist(&mut self, openid: &str, listed: bool) -> bool {
        let Some(number) = self.followers.number(openid) else { return false };
        self.bar(number, listed);
        true
    }

    /// The same by number; a pardon is for those barred unseen, too.
    pub(super) fn bar(&mut self, number: u32, listed: bool) {
        if listed {
            self.followers.blacklist.insert(number);
            return;
        }
        self.followers.blacklist.remove(number);
        if self.followers.standing(number) == Standing::Barred {
            self.followers.set(number, Standing::Follows);
        }
    }

    /// The operator's note about someone; empty for an unknown openid.
    pub fn remark(&self, openid: &str) -> String {
        self.followers.number(openid).map(|n| self.followers.remark(n)).unwrap_or_default()
    }

    /// Notes something about a follower. Whether the openid is known.
    pub fn set_remark(&mut self, openid: &str, remark: &str) -> bool {
        let number = self.followers.number(openid);
        number.inspect(|&n| self.followers.set_remark(n, remark)).is_some()
    }

    /// The templates, in the order of the list.
    pub fn templates(&self) -> &[Template] {
        &self.templates.list
    }

    /// The same, to change them.
    pub fn templates_mut(&mut self) -> &mut Vec<Template> {
        &mut self.templates.list
    }
}
