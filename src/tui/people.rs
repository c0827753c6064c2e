//! Changing tags, remarks and the blacklist at WeChat: what is opened for it, and what is told of it.

use super::app::App;
use super::effect::PeopleEffect;
use super::keys::Action;
use super::layers::{AddAccount, Layer, Notice, Question, RemarkUser, TagName, TagUsers, WhichOne};
use super::msg::{Change, Level, PeopleMsg, Rest, SystemMsg};
use super::out::Out;
use crate::domain::audience::Excluded;
use crate::domain::people::check_delete;
use crate::domain::user::Tag;
use crate::manage::tags::Uses;
use crate::text::number::thousands;

impl App {
    /// Opens what an action on tags or users begins with.
    pub(super) fn manage_people(&mut self, action: Action, out: &mut Out) {
        let Some(account) = self.accounts.active().map(|account| account.id) else {
            return out.open(Layer::AddAccount(Box::new(AddAccount::new())));
        };
        let users = self.users.chosen_users();
        match (action, self.tags.selected().cloned()) {
            (Action::NewTag, _) => out.open(Layer::TagName(Box::new(TagName::new(account, None)))),
            (Action::RenameTag, Some(tag)) => out.open(Layer::TagName(Box::new(TagName::new(account, Some(tag))))),
            (Action::DeleteTag, Some(tag)) => match check_delete(&tag) {
                Ok(()) => out.ask(PeopleEffect::FindUses { account, tag }),
                Err(rule) => {
                    out.tell(SystemMsg::Noted { level: Level::Warning, text: self.ctx.texts().tag_error(&rule) });
                }
            },
            (Action::TagUsers, _) if !users.is_empty() => {
                out.open(Layer::TagUsers(Box::new(TagUsers::new(account, self.tags.rows().to_vec(), users))));
            }
            (Action::RemarkUser, _) => {
                if let Some(user) = self.users.current().cloned() {
                    out.open(Layer::RemarkUser(Box::new(RemarkUser::new(account, user))));
                }
            }
            (Action::BlockUsers, _) if !users.is_empty() => {
                // Those who are blocked are let in again only where all of them are.
                let blocked = !users.iter().all(|user| user.blacklisted);
                let key = if blocked { "people.block" } else { "people.unblock" };
                let count = thousands(users.len() as u64);
                let named = users.first().map(|user| if user.label().is_empty() { user.openid.as_str() } else { user.label() });
                let others = if users.len() > 1 { "…" } else { "" };
                let name = [named.unwrap_or_default(), others].concat();
                let text = self.ctx.say_with(key, &[("count", &count), ("name", &name)]);
                let openids = users.into_iter().map(|user| user.openid).collect();
                out.open(Layer::Question(Question::new(text, PeopleEffect::Block { account, openids, blocked })));
            }
            (Action::WhichOne, _) => {
                let layer = WhichOne::new(account, out);
                out.open(Layer::WhichOne(Box::new(layer)));
            }
            _ => {}
        }
    }

    /// Says what became of it, unless a layer does.
    pub(super) fn tell_of_people(&mut self, msg: &PeopleMsg, out: &mut Out) {
        match msg {
            PeopleMsg::Changed { change, rest, .. } => {
                let text = self.change_words(change);
                if *rest == Rest::default() {
                    return self.say(Level::Info, text);
                }
                let level = if rest.stopped.is_some() { Level::Error } else { Level::Warning };
                out.open(Layer::Notice(Notice::new(level, format!("{text}\n{}", self.rest_words(rest)))));
            }
            PeopleMsg::TagUses { account, tag, uses } => {
                if self.accounts.active().map(|active| active.id) == Some(*account) {
                    let effect = PeopleEffect::DeleteTag { account: *account, tag: tag.clone() };
                    out.open(Layer::Question(Question::new(self.delete_words(tag, uses), effect)));
                }
            }
            PeopleMsg::Refused { text } if !self.layers.iter().any(Layer::tells_of_people) => {
                out.open(Layer::Notice(Notice::new(Level::Error, text)));
            }
            PeopleMsg::Refused { .. } | PeopleMsg::Newest { .. } => {}
        }
    }

    /// For whom a change was not made, a line for each reason.
    fn rest_words(&self, rest: &Rest) -> String {
        let texts = self.ctx.texts();
        let excluded = Excluded { unsubscribed: rest.left, ..Excluded::default() };
        let mut words = vec![texts.left_out(&excluded, rest.full)];
        words.extend(
            rest.refused
                .iter()
                .map(|(count, text)| texts.say_with("people.refused", &[("count", &thousands(*count)), ("text", text)])),
        );
        if rest.undivided > 0 {
            words.push(texts.say_with("tag.undivided", &[("count", &thousands(rest.undivided))]));
        }
        if let Some((count, text)) = &rest.stopped {
            words.push(texts.say_with("people.stopped", &[("count", &thousands(*count)), ("text", text)]));
        }
        words.retain(|words| !words.is_empty());
        words.join("\n")
    }

    /// Whether a tag is to be deleted, with what it is used for.
    fn delete_words(&self, tag: &Tag, uses: &Uses) -> String {
        let args = [("name", tag.name.as_str()), ("count", &thousands(uses.users))];
        let mut words = vec![self.ctx.say_with("people.delete_tag", &args)];
        let used = self.ctx.texts().tag_uses(uses.drafts, &uses.kept);
        if !used.is_empty() {
            words.extend(used);
            words.push(self.ctx.say("people.delete_used").to_owned());
        }
        words.join("\n")
    }

    fn change_words(&self, change: &Change) -> String {
        let ctx = &self.ctx;
        match change {
            Change::TagMade(tag) => ctx.say_with("people.tag_made", &[("name", &tag.name)]),
            Change::TagRenamed(tag) => ctx.say_with("people.tag_renamed", &[("name", &tag.name)]),
            Change::TagDeleted(tag) => ctx.say_with("people.tag_deleted", &[("name", &tag.name)]),
            Change::Tagged { tag, openids, has } => {
                let key = if *has { "people.tagged" } else { "people.untagged" };
                ctx.say_with(key, &[("name", &tag.name), ("count", &thousands(openids.len() as u64))])
            }
            Change::Remarked { openid, remark } if remark.is_empty() => {
                ctx.say_with("people.no_remark", &[("openid", openid.as_str())])
            }
            Change::Remarked { remark, .. } => ctx.say_with("people.remarked", &[("remark", remark)]),
            Change::Gone { openid } => ctx.say_with("people.gone", &[("openid", openid.as_str())]),
            Change::Blocked { openids, blocked } => {
                let key = if *blocked { "people.blocked" } else { "people.unblocked" };
                ctx.say_with(key, &[("count", &thousands(openids.len() as u64))])
            }
        }
    }
}
