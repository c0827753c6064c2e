//! What lies on top of the panes: questions, dialogs, help. Keys go to the uppermost only; drawing goes upwards.

mod add_account;
mod add_template;
mod audience;
mod catalogue;
mod checkup;
mod choice;
mod clear_quota;
mod confirm;
mod delete_template;
mod drafts;
mod dry_run;
mod errors;
mod export;
mod filter_users;
mod findings;
mod frame;
mod go_to;
mod help;
mod history;
mod import_names;
mod industries;
mod inspector;
mod json_editor;
mod letters;
mod notice;
mod notice_log;
mod pace;
mod palette;
mod press;
mod question;
mod read_file;
mod remark_user;
mod save;
mod set_industries;
mod settings;
mod summary;
mod tag_name;
mod tag_users;
mod template_alias;
mod test_send;
mod typed;
mod user_history;
mod which_one;

pub use add_account::AddAccount;
pub use add_template::AddTemplate;
pub use audience::AudienceBuilder;
pub use catalogue::Catalogue;
pub use checkup::Checkup;
pub use choice::Choice;
pub use clear_quota::ClearQuota;
pub use confirm::Confirm;
pub use delete_template::DeleteTemplate;
pub use drafts::Drafts;
pub use dry_run::Rehearsal;
pub use errors::Errors;
pub use export::Export;
pub use filter_users::FilterUsers;
pub use findings::{Findings, Told};
pub use go_to::GoTo;
pub use help::Help;
pub use history::History;
pub use import_names::ImportNames;
pub use industries::Industries;
pub use inspector::Inspector;
pub use json_editor::{JsonEditor, Purpose};
pub use notice::Notice;
pub use notice_log::NoticeLog;
pub use pace::Pace;
pub use palette::{Entry, Palette};
pub use question::Question;
pub use read_file::ReadFile;
pub use remark_user::RemarkUser;
pub use save::Save;
pub use set_industries::SetIndustries;
pub use settings::Settings;
pub use summary::Summary;
pub use tag_name::TagName;
pub use tag_users::TagUsers;
pub use template_alias::TemplateAlias;
pub use test_send::TestSend;
pub use user_history::UserHistory;
pub use which_one::WhichOne;

pub(super) use frame::clear;
use frame::{lines, popup, popup_room, scrolled};

use super::context::Context;
use super::input::Key;
use super::msg::Msg;
use super::out::Out;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Something on top.
#[derive(Debug)]
pub enum Layer {
    /// Every key and what it does.
    Help(Box<Help>),
    /// Every action, to be found by a word.
    Palette(Box<Palette>),
    /// Something to read.
    Notice(Notice),
    /// Everything that was told.
    NoticeLog(NoticeLog),
    /// The settings.
    Settings(Box<Settings>),
    /// Yes or no.
    Question(Question),
    /// One of several things to do.
    Choice(Choice),
    /// The dialog for a new account.
    AddAccount(Box<AddAccount>),
    /// Every code of WeChat's.
    Catalogue(Box<Catalogue>),
    /// An account checked step by step.
    Checkup(Box<Checkup>),
    /// Who gets it.
    Audience(Box<AudienceBuilder>),
    /// A file of recipients.
    ReadFile(Box<ReadFile>),
    /// Which users are shown.
    FilterUsers(Box<FilterUsers>),
    /// Where to go in the list of users.
    GoTo(Box<GoTo>),
    /// The name of a tag.
    TagName(Box<TagName>),
    /// The tags of users.
    TagUsers(Box<TagUsers>),
    /// What a user is called.
    RemarkUser(Box<RemarkUser>),
    /// Which of the followers somebody is.
    WhichOne(Box<WhichOne>),
    /// A send without sending.
    Rehearsal(Box<Rehearsal>),
    /// The name of a file to be written.
    Save(Box<Save>),
    /// Setting daily counters back.
    ClearQuota(Box<ClearQuota>),
    /// Taking a template from the library.
    AddTemplate(Box<AddTemplate>),
    /// Deleting a template.
    DeleteTemplate(Box<DeleteTemplate>),
    /// Names of users from a file.
    ImportNames(Box<ImportNames>),
    /// What the operator calls a template.
    TemplateAlias(Box<TemplateAlias>),
    /// The account's industries.
    Industries(Box<Industries>),
    /// Setting them.
    SetIndustries(Box<SetIndustries>),
    /// A test send to one's own openids.
    TestSend(Box<TestSend>),
    /// The last look before a send.
    Confirm(Box<Confirm>),
    /// One delivery with everything known of it.
    Inspector(Box<Inspector>),
    /// How fast a job goes.
    Pace(Box<Pace>),
    /// The messages being written.
    Drafts(Box<Drafts>),
    /// The jobs of the account.
    History(Box<History>),
    /// The codes of a job.
    Errors(Errors),
    /// How a job went.
    Summary(Box<Summary>),
    /// Everything that is to be said of the message.
    Findings(Findings),
    /// The message to be taken along.
    Export(Box<Export>),
    /// All that is known of one user, and everything they were ever sent.
    UserHistory(Box<UserHistory>),
    /// The body as JSON, to be edited.
    JsonEditor(Box<JsonEditor>),
}

/// Whether a layer stays after a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It does.
    Stay,
    /// It goes away.
    Close,
}

impl Layer {
    /// A key was pressed.
    pub fn on_key(&mut self, key: Key, ctx: &Context, out: &mut Out) -> Then {
        match self {
            Self::Help(layer) => layer.on_key(key),
            Self::Palette(layer) => layer.on_key(key, ctx, out),
            Self::Notice(layer) => layer.on_key(key),
            Self::NoticeLog(layer) => layer.on_key(key, out),
            Self::Settings(layer) => layer.on_key(key, out),
            Self::Question(layer) => layer.on_key(key, out),
            Self::Choice(layer) => layer.on_key(key, out),
            Self::AddAccount(layer) => layer.on_key(key, ctx, out),
            Self::Catalogue(layer) => layer.on_key(key, ctx, out),
            Self::Checkup(layer) => layer.on_key(key, out),
            Self::Audience(layer) => layer.on_key(key, ctx, out),
            Self::ReadFile(layer) => layer.on_key(key, ctx, out),
            Self::FilterUsers(layer) => layer.on_key(key, out),
            Self::GoTo(layer) => layer.on_key(key, ctx, out),
            Self::TagName(layer) => layer.on_key(key, out),
            Self::TagUsers(layer) => layer.on_key(key, out),
            Self::RemarkUser(layer) => layer.on_key(key, out),
            Self::WhichOne(layer) => layer.on_key(key, out),
            Self::ClearQuota(layer) => layer.on_key(key, ctx, out),
            Self::AddTemplate(layer) => layer.on_key(key, out),
            Self::DeleteTemplate(layer) => layer.on_key(key, ctx, out),
            Self::ImportNames(layer) => layer.on_key(key, out),
            Self::TemplateAlias(layer) => layer.on_key(key, out),
            Self::Industries(layer) => layer.on_key(key, out),
            Self::SetIndustries(layer) => layer.on_key(key, ctx, out),
            Self::TestSend(layer) => layer.on_key(key, out),
            Self::Confirm(layer) => layer.on_key(key, out),
            Self::Rehearsal(layer) => layer.on_key(key, ctx, out),
            Self::Save(layer) => layer.on_key(key, out),
            Self::Inspector(layer) => layer.on_key(key, ctx, out),
            Self::Pace(layer) => layer.on_key(key, out),
            Self::Drafts(layer) => layer.on_key(key, out),
            Self::History(layer) => layer.on_key(key, out),
            Self::Errors(layer) => layer.on_key(key, out),
            Self::Summary(layer) => layer.on_key(key, out),
            Self::Findings(layer) => layer.on_key(key, out),
            Self::Export(layer) => layer.on_key(key, ctx, out),
            Self::UserHistory(layer) => layer.on_key(key, out),
            Self::JsonEditor(layer) => layer.on_key(key, out),
        }
    }

    /// Text was pasted.
    pub fn on_paste(&mut self, text: &str, out: &mut Out) {
        match self {
            Self::AddAccount(layer) => layer.on_paste(text),
            Self::Audience(layer) => layer.on_paste(text),
            Self::ReadFile(layer) => layer.on_paste(text),
            Self::GoTo(layer) => layer.on_paste(text),
            Self::TagName(layer) => layer.on_paste(text),
            Self::RemarkUser(layer) => layer.on_paste(text),
            Self::ClearQuota(layer) => layer.on_paste(text),
            Self::AddTemplate(layer) => layer.on_paste(text),
            Self::ImportNames(layer) => layer.on_paste(text),
            Self::TemplateAlias(layer) => layer.on_paste(text),
            Self::DeleteTemplate(layer) => layer.on_paste(text),
            Self::SetIndustries(layer) => layer.on_paste(text),
            Self::TestSend(layer) => layer.on_paste(text, out),
            Self::Confirm(layer) => layer.on_paste(text),
            Self::Save(layer) => layer.on_paste(text),
            Self::Help(layer) => layer.on_paste(text),
            Self::Palette(layer) => layer.on_paste(text),
            Self::Catalogue(layer) => layer.on_paste(text),
            Self::Pace(layer) => layer.on_paste(text),
            Self::Drafts(layer) => layer.on_paste(text),
            Self::History(layer) => layer.on_paste(text),
            Self::JsonEditor(layer) => layer.on_paste(text),
            _ => {}
        }
    }

    /// Something happened.
    pub fn on_msg(&mut self, msg: &Msg, out: &mut Out) -> Then {
        match self {
            Self::AddAccount(layer) => layer.on_msg(msg),
            Self::Checkup(layer) => layer.on_msg(msg),
            Self::Settings(layer) => layer.on_msg(msg),
            Self::ReadFile(layer) => layer.on_msg(msg),
            Self::GoTo(layer) => layer.on_msg(msg),
            Self::TagName(layer) => layer.on_msg(msg),
            Self::TagUsers(layer) => layer.on_msg(msg),
            Self::RemarkUser(layer) => layer.on_msg(msg),
            Self::WhichOne(layer) => layer.on_msg(msg, out),
            Self::AddTemplate(layer) => layer.on_msg(msg),
            Self::DeleteTemplate(layer) => layer.on_msg(msg),
            Self::ImportNames(layer) => layer.on_msg(msg),
            Self::TemplateAlias(layer) => layer.on_msg(msg),
            Self::Industries(layer) => layer.on_msg(msg),
            Self::SetIndustries(layer) => layer.on_msg(msg),
            Self::TestSend(layer) => layer.on_msg(msg),
            Self::Confirm(layer) => layer.on_msg(msg),
            Self::Rehearsal(layer) => layer.on_msg(msg),
            Self::Save(layer) => layer.on_msg(msg),
            Self::Inspector(layer) => layer.on_msg(msg),
            Self::Drafts(layer) => layer.on_msg(msg),
            Self::History(layer) => layer.on_msg(msg),
            Self::Errors(layer) => layer.on_msg(msg),
            Self::Summary(layer) => layer.on_msg(msg),
            Self::UserHistory(layer) => layer.on_msg(msg),
            Self::JsonEditor(layer) => layer.on_msg(msg),
            Self::Audience(layer) => layer.on_msg(msg, out),
            _ => Then::Stay,
        }
    }

    /// Learns what room there is; before each frame.
    pub fn fit(&mut self, area: Rect, ctx: &Context) {
        match self {
            Self::Palette(layer) => layer.fit(area, ctx),
            Self::Audience(layer) => layer.fit(area),
            Self::Catalogue(layer) => layer.fit(area),
            Self::NoticeLog(layer) => layer.fit(area),
            Self::Settings(layer) => layer.fit(area),
            Self::Checkup(layer) => layer.fit(area, ctx),
            Self::TagUsers(layer) => layer.fit(area),
            Self::WhichOne(layer) => layer.fit(area),
            Self::Drafts(layer) => layer.fit(area),
            Self::History(layer) => layer.fit(area),
            Self::Errors(layer) => layer.fit(area),
            Self::Findings(layer) => layer.fit(area),
            Self::Export(layer) => layer.fit(area),
            Self::ImportNames(layer) => layer.fit(area, ctx),
            Self::UserHistory(layer) => layer.fit(area, ctx),
            Self::JsonEditor(layer) => layer.fit(area),
            _ => {}
        }
    }

    /// Whether it says itself what became of a change to tags or users.
    pub fn tells_of_people(&self) -> bool {
        matches!(self, Self::TagName(_) | Self::TagUsers(_) | Self::RemarkUser(_))
    }

    /// Draws it.
    pub fn view(&self, area: Rect, buf: &mut Buffer, ctx: &Context) -> Option<Position> {
        match self {
            Self::Help(layer) => return layer.view(area, buf, ctx),
            Self::Palette(layer) => return layer.view(area, buf, ctx),
            Self::Notice(layer) => layer.view(area, buf, ctx),
            Self::NoticeLog(layer) => layer.view(area, buf, ctx),
            Self::Settings(layer) => layer.view(area, buf, ctx),
            Self::Question(layer) => layer.view(area, buf, ctx),
            Self::Choice(layer) => layer.view(area, buf, ctx),
            Self::AddAccount(layer) => return layer.view(area, buf, ctx),
            Self::Catalogue(layer) => return layer.view(area, buf, ctx),
            Self::Checkup(layer) => layer.view(area, buf, ctx),
            Self::Audience(layer) => return layer.view(area, buf, ctx),
            Self::ReadFile(layer) => return layer.view(area, buf, ctx),
            Self::FilterUsers(layer) => layer.view(area, buf, ctx),
            Self::GoTo(layer) => return layer.view(area, buf, ctx),
            Self::TagName(layer) => return layer.view(area, buf, ctx),
            Self::TagUsers(layer) => layer.view(area, buf, ctx),
            Self::RemarkUser(layer) => return layer.view(area, buf, ctx),
            Self::WhichOne(layer) => layer.view(area, buf, ctx),
            Self::ClearQuota(layer) => return layer.view(area, buf, ctx),
            Self::AddTemplate(layer) => return layer.view(area, buf, ctx),
            Self::DeleteTemplate(layer) => return layer.view(area, buf, ctx),
            Self::ImportNames(layer) => return layer.view(area, buf, ctx),
            Self::TemplateAlias(layer) => return layer.view(area, buf, ctx),
            Self::Industries(layer) => layer.view(area, buf, ctx),
            Self::SetIndustries(layer) => return layer.view(area, buf, ctx),
            Self::TestSend(layer) => return layer.view(area, buf, ctx),
            Self::Confirm(layer) => return layer.view(area, buf, ctx),
            Self::Rehearsal(layer) => layer.view(area, buf, ctx),
            Self::Save(layer) => return layer.view(area, buf, ctx),
            Self::Inspector(layer) => layer.view(area, buf, ctx),
            Self::Pace(layer) => return layer.view(area, buf, ctx),
            Self::Drafts(layer) => return layer.view(area, buf, ctx),
            Self::History(layer) => return layer.view(area, buf, ctx),
            Self::Errors(layer) => layer.view(area, buf, ctx),
            Self::Summary(layer) => layer.view(area, buf, ctx),
            Self::Findings(layer) => layer.view(area, buf, ctx),
            Self::Export(layer) => layer.view(area, buf, ctx),
            Self::UserHistory(layer) => layer.view(area, buf, ctx),
            Self::JsonEditor(layer) => return layer.view(area, buf, ctx),
        }
        None
    }
}
