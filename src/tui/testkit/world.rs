//! A small world of its own to read from.

use super::NOW;
use crate::domain::account::{Account, PaceLimits, QuotaSeen, SecretSource, TokenSource};
use crate::domain::alias::Aliases;
use crate::domain::api_base::ApiBase;
use crate::domain::audience::{Excluded, Reach, Stale};
use crate::domain::delivery::{Delivery, State};
use crate::domain::draft::Draft;
use crate::domain::id::{AccountId, AppId, JobId, OpenId, TagId, TemplateId};
use crate::domain::job::Job;
use crate::domain::message::Message;
use crate::domain::seen::Known;
use crate::domain::template::Template;
use crate::domain::user::{Listed, PageAt, Recipient, Tag, User, UserFilter, UserKey};
use crate::tui::effect::{
    AudienceEffect, ComposeEffect, DeliveryFilter, DraftsEffect, Effect, ListsEffect, QuotaEffect, SendEffect, SyncEffect,
    TestSendEffect,
};
use crate::tui::msg::{
    AccountsMsg, AudienceMsg, ComposeMsg, DeliveryPage, DraftsMsg, ListsMsg, Msg, Preflight, QuotaMsg, SendMsg, Sets, SyncMsg,
    TestSendMsg, UserRow, UsersPage,
};
use std::collections::BTreeMap;

/// What there is to read.
pub struct World {
    pub accounts: Vec<Account>,
    pub templates: Vec<Template>,
    pub aliases: Aliases,
    pub tags: Vec<Tag>,
    pub users: Vec<User>,
    pub jobs: Vec<Job>,
    /// The one changed last first.
    pub drafts: Vec<(AccountId, Draft)>,
    pub deliveries: Vec<(Delivery, String)>,
    pub reach: Reach,
    /// What an audience can be put together of, beside jobs.
    pub sets: Sets,
    /// What its files have.
    pub columns: Vec<String>,
    /// Values that a template's keys took before.
    pub used: BTreeMap<String, Vec<String>>,
    pub same_as: Option<JobId>,
    pub elsewhere: Vec<JobId>,
    pub stale: Option<Stale>,
    /// What WeChat tells of the day's allowance; none: it does not answer.
    pub quota: Option<QuotaSeen>,
}

impl World {
    pub fn empty() -> Self {
        Self { accounts: Vec::new(), templates: Vec::new(), tags: Vec::new(), users: Vec::new(), ..Self::default() }
    }

    pub(super) fn answer(&self, effect: &Effect) -> Option<Msg> {
        use crate::tui::effect::AccountsEffect;
        Some(match effect {
            Effect::Accounts(AccountsEffect::LoadAccounts) => {
                AccountsMsg::Loaded { accounts: self.accounts.clone(), active: None }.into()
            }
            Effect::Sync(SyncEffect::LoadListed { account }) => {
                let at = self.accounts.iter().find(|known| known.id == *account).and_then(|known| known.last_synced_at);
                SyncMsg::Listed { account: *account, listed: Listed { at, whole: at.is_some() } }.into()
            }
            Effect::Accounts(AccountsEffect::OpenAccount { account }) => {
                AccountsMsg::TokenKnown { account: *account, until: Some("2026-11-23T07:52:00Z".parse().unwrap()) }.into()
            }
            Effect::Lists(ListsEffect::Templates { generation, .. }) => {
                let (templates, aliases) = (self.templates.clone(), self.aliases.clone());
                ListsMsg::TemplatesLoaded { generation: *generation, templates, aliases }.into()
            }
            Effect::Lists(ListsEffect::Tags { generation, .. }) => {
                ListsMsg::TagsLoaded { generation: *generation, tags: self.tags.clone() }.into()
            }
            Effect::Lists(ListsEffect::Users { generation, filter, at, .. }) => {
                // All of them come at once: nobody is before them.
                let users = if matches!(at, PageAt::Before(_)) { Vec::new() } else { self.users_of(filter) };
                let row = |(at, user)| UserRow { key: UserKey { subscribe_time: 0, id: at as i64 }, user };
                let page = UsersPage { rows: users.into_iter().enumerate().map(row).collect(), more: false };
                ListsMsg::UsersLoaded { generation: *generation, page }.into()
            }
            Effect::Audience(AudienceEffect::CountAudience { generation, .. }) => AudienceMsg::Counted {
                generation: *generation,
                reach: self.reach,
                first: self.users.first().map(|user| Box::new(recipient(user))),
                columns: self.columns.clone(),
            }
            .into(),
            Effect::Audience(AudienceEffect::LoadSets { .. }) => {
                AudienceMsg::SetsLoaded { sets: Box::new(Sets { jobs: self.jobs.clone(), ..self.sets.clone() }) }.into()
            }
            Effect::Drafts(DraftsEffect::LoadDrafts { account }) => {
                let drafts = self.drafts.iter().filter(|(owner, _)| owner == account).map(|(_, draft)| draft.clone());
                DraftsMsg::Loaded { account: *account, drafts: drafts.collect() }.into()
            }
            Effect::Compose(ComposeEffect::LoadKnown { template, .. }) => {
                let known = Known::of(template, self.used.clone());
                ComposeMsg::KnownLoaded { template: template.id.clone(), known }.into()
            }
            Effect::Compose(ComposeEffect::StepRecipient { generation, from, step, .. }) => {
                let at = self.users.iter().position(|user| user.openid == *from);
                let recipient = at.and_then(|at| self.users.get(at + 1)).map(recipient);
                ComposeMsg::Stepped { generation: *generation, step: *step, recipient }.into()
            }
            Effect::Quota(QuotaEffect::Look { account }) => QuotaMsg::Seen { account: *account, quota: self.quota? }.into(),
            Effect::Send(SendEffect::PrepareSend { generation, order }) => {
                SendMsg::Prepared { generation: *generation, preflight: Box::new(self.preflight(&order.message)) }.into()
            }
            Effect::Send(SendEffect::LoadJobs { generation, count, .. }) => {
                let jobs: Vec<Job> = self.jobs.iter().take(*count as usize).cloned().collect();
                let more = jobs.len() == *count as usize;
                SendMsg::JobsLoaded { generation: *generation, jobs, more }.into()
            }
            Effect::Send(SendEffect::LoadDeliveries { generation, filter, .. }) => {
                let fits = |row: &(Delivery, String)| match filter {
                    DeliveryFilter::Problems => matches!(row.0.state, State::Failed | State::Unknown),
                    DeliveryFilter::All => true,
                    DeliveryFilter::Only(state) => row.0.state == *state,
                    DeliveryFilter::Code(code) => row.0.errcode == Some(*code),
                };
                let page = DeliveryPage { rows: self.deliveries.iter().filter(|row| fits(row)).cloned().collect(), more: false };
                SendMsg::DeliveriesLoaded { generation: *generation, page }.into()
            }
            Effect::TestSend(TestSendEffect::LookUp { account, openids }) => {
                let user = |openid: &OpenId| self.users.iter().find(|user| user.openid == *openid);
                let first = openids.first().and_then(user).map_or(String::new(), |user| user.label().to_owned());
                let recipients = openids.iter().filter(|openid| user(openid).is_some_and(|user| user.subscribed)).count() as u64;
                let strangers = openids.iter().filter(|openid| user(openid).is_none()).count() as u64;
                let unsubscribed = openids.len() as u64 - recipients - strangers;
                let excluded = Excluded { unknown_user: strangers, unsubscribed, ..Excluded::default() };
                let reach = Reach { recipients, excluded };
                TestSendMsg::LookedUp { account: *account, openids: openids.clone(), first, reach }.into()
            }
            _ => return None,
        })
    }

    /// The ledger has it before anybody is told.
    pub(super) fn put(&mut self, job: &Job) {
        self.jobs.retain(|known| known.id != job.id);
        self.jobs.push(job.clone());
        self.jobs.sort_by_key(|job| std::cmp::Reverse(job.id));
    }

    pub(super) fn keep(&mut self, account: AccountId, draft: Draft) {
        self.drafts.retain(|(_, known)| known.id != draft.id);
        self.drafts.insert(0, (account, draft));
    }

    pub(super) fn users_of(&self, filter: &UserFilter) -> Vec<User> {
        let fits = |user: &User| user.label().contains(&filter.search) && filter.tag.is_none_or(|tag| user.tags.contains(&tag));
        self.users.iter().filter(|user| fits(user)).cloned().collect()
    }

    pub fn preflight(&self, message: &Message) -> Preflight {
        Preflight {
            reach: self.reach,
            first: self.users.first().map(|user| (user.clone(), message.clone())),
            pace: PaceLimits::default(),
            same_as: self.same_as,
            elsewhere: self.elsewhere.clone(),
            stale: self.stale,
        }
    }
}

impl Default for World {
    fn default() -> Self {
        let synced = Some("2026-11-23T06:05:00Z".parse().unwrap());
        let account = |id, name: &str, appid: &str| Account {
            id: AccountId(id),
            name: name.into(),
            appid: AppId::trusted(appid),
            secret: SecretSource::Vault,
            api_base: ApiBase::default(),
            token: TokenSource::Stable,
            pace: PaceLimits::default(),
            last_synced_at: synced,
            test_openids: Vec::new(),
            quota: None,
        };
        let tag = |id, name: &str, count| Tag { id: TagId(id), name: name.into(), count };
        Self {
            accounts: vec![account(1, "Acme 服务号", "wx29e3b7bbdccf6f3b"), account(2, "Beta 商城", "wx0123456789abcdef")],
            templates: templates(),
            aliases: Aliases::default(),
            tags: vec![tag(2, "星标组", 3), tag(100, "VIP", 1203), tag(101, "内部员工", 18), tag(102, "北京", 48213)],
            users: users(),
            jobs: Vec::new(),
            drafts: Vec::new(),
            deliveries: Vec::new(),
            reach: Reach { recipients: 872, excluded: Excluded { duplicate: 11, unsubscribed: 320, ..Excluded::default() } },
            sets: Sets::default(),
            columns: Vec::new(),
            used: BTreeMap::new(),
            same_as: None,
            elsewhere: Vec::new(),
            stale: None,
            quota: Some(QuotaSeen { limit: 100_000, used: 1588, at: NOW.parse().unwrap() }),
        }
    }
}

fn templates() -> Vec<Template> {
    let template = |id: &str, title: &str, content: &str, example: &str| Template {
        id: TemplateId::trusted(id),
        title: title.into(),
        content: content.into(),
        example: example.into(),
        industry: (String::new(), String::new()),
    };
    vec![
        template(
            "Hmr2ZBqDm9ZHmtLBGdvJZyLyBRS4O2OPpkjAUHOmIPM",
            "订单发货提醒",
            "订单号:{{character_string1.DATA}}\n商品:{{thing2.DATA}}\n金额:{{amount3.DATA}}\n发货时间:{{time4.DATA}}\n",
            "订单号:M202311092196630\n商品:手冲咖啡壶\n金额:￥128.00\n发货时间:2026年11月23日 15:01\n",
        ),
        template(
            "x3-S4Y2fQd1ZTrJ1QYGEy5hoGsiCPYyzWrrOEqfyK8s",
            "隐患整改工单已超期",
            "单位名称:{{thing1.DATA}}\n隐患状态:{{const2.DATA}}\n",
            "",
        ),
        template(
            "TM00015_oldest_of_them_all_0123456789abcdefg",
            "会员积分变动通知",
            "{{first.DATA}}\n\n姓名：{{keyword1.DATA}}\n积分：{{keyword2.DATA}}\n{{remark.DATA}}",
            "",
        ),
    ]
}

fn users() -> Vec<User> {
    let user = |openid: &str, remark: &str, tags: &[i64]| User {
        openid: OpenId::trusted(openid),
        nickname: String::new(),
        remark: remark.into(),
        subscribed: true,
        blacklisted: false,
        subscribe_time: None,
        tags: tags.iter().copied().map(TagId).collect(),
    };
    let mut users = vec![
        user("oTD8i6Wz6jQZPSNJlzQv43ApodvI", "张三", &[100]),
        user("oR5GjjgEhCMJmTPrQqRrMRJiaYwY", "李四", &[100, 101]),
        user("o6_bmjrPTlm6_2sgVt7hMZOPfL2M", "", &[]),
        user("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "王小明（北京）", &[102]),
        user("oAbcdEFGHijklMNOPqrstUVwxyZ0", "", &[]),
    ];
    users[3].subscribed = false;
    users
}

fn recipient(user: &User) -> Recipient {
    Recipient { user: user.clone(), columns: BTreeMap::new() }
}
