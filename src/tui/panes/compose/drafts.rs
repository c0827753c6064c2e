use super::form::{Form, Item};
use super::{Compose, Count};
use crate::domain::draft::{Draft, FormTexts, Place};
use crate::domain::id::{DraftId, TemplateId};
use crate::domain::job::Job;
use crate::domain::template::Template;
use crate::tui::context::Context;
use crate::tui::effect::DraftsEffect;
use crate::tui::layers::{Drafts, Layer};
use crate::tui::msg::{DraftsMsg, Level, SystemMsg};
use crate::tui::out::Out;
use crate::tui::widgets::Field;

/// The drafts of the account, and which of them is in the form.
#[derive(Debug, Default)]
pub struct Desk {
    /// The one changed last first.
    drafts: Vec<Draft>,
    /// The one in the form; none while nothing worth keeping was written.
    open: Option<DraftId>,
    /// One to be taken up again as soon as its template is known.
    waiting: Option<Draft>,
}

impl Desk {
    fn find(&self, id: DraftId) -> Option<&Draft> {
        self.drafts.iter().find(|draft| draft.id == id)
    }

    /// The nameless draft of a template that was changed last: choosing the template goes on with it.
    fn nameless(&self, template: &TemplateId) -> Option<&Draft> {
        self.drafts.iter().find(|draft| draft.name.is_empty() && draft.template_id == *template)
    }

    /// The next number: of the time, and never one that is taken.
    fn fresh_id(&self, ctx: &Context) -> DraftId {
        let last = self.drafts.iter().map(|draft| draft.id.0).max().unwrap_or_default();
        DraftId(ctx.now.as_microsecond().max(last + 1))
    }

    fn put(&mut self, draft: Draft) {
        self.drafts.retain(|known| known.id != draft.id);
        self.drafts.insert(0, draft);
    }
}

impl Compose {
    /// Opens the list of drafts.
    pub fn open_drafts(&self, out: &mut Out) {
        out.open(Layer::Drafts(Box::new(Drafts::new(&self.desk.drafts, self.desk.open, &self.tags))));
    }

    /// Keeps what is in the form if it is not what was kept last. `pane` is where the operator is.
    pub fn keep(&mut self, pane: u8, ctx: &Context, out: &mut Out) {
        let (Some(account), Some(form)) = (self.account, &self.form) else { return };
        let texts = form.texts();
        let kept = self.desk.open.and_then(|id| self.desk.find(id));
        if kept.is_none() && texts.is_empty() {
            return;
        }
        let draft = Draft {
            id: kept.map_or_else(|| self.desk.fresh_id(ctx), |draft| draft.id),
            name: kept.map(|draft| draft.name.clone()).unwrap_or_default(),
            template_id: form.template.id.clone(),
            title: form.template.title.clone(),
            texts,
            audience: self.audience.clone(),
            place: self.place_of_cursor(form, pane),
            updated_at: ctx.now,
        };
        let same = |kept: &Draft| draft == Draft { updated_at: draft.updated_at, ..kept.clone() };
        if kept.is_some_and(same) {
            return;
        }
        self.desk.open = Some(draft.id);
        self.desk.put(draft.clone());
        out.ask(DraftsEffect::SaveDraft { account, draft: Box::new(draft) });
    }

    fn place_of_cursor(&self, form: &Form, pane: u8) -> Place {
        let spot = form.spot_of(self.item);
        Place { pane, spot, typing: self.editing, column: form.field(self.item).map_or(0, Field::column) }
    }

    /// Takes in what happened to drafts.
    pub(super) fn on_drafts(&mut self, msg: &DraftsMsg, ctx: &Context, out: &mut Out) {
        match msg {
            DraftsMsg::Loaded { account, drafts } if Some(*account) == self.account => {
                let written_meanwhile = std::mem::take(&mut self.desk.drafts);
                self.desk.drafts.clone_from(drafts);
                written_meanwhile.into_iter().rev().for_each(|draft| self.desk.put(draft));
                if self.form.is_none() {
                    self.desk.waiting = drafts.first().cloned();
                    self.reopen_waiting(ctx, out);
                }
            }
            DraftsMsg::NotSaved { text } => {
                let text = ctx.say_with("drafts.not_saved", &[("why", text)]);
                out.tell(SystemMsg::Noted { level: Level::Warning, text });
            }
            DraftsMsg::Picked { draft } => {
                if let Some(draft) = self.desk.find(*draft).cloned() {
                    self.take_up(draft, ctx, out);
                }
            }
            DraftsMsg::NewWanted => self.begin_anew(ctx, out),
            DraftsMsg::CopyWanted { draft } => self.copy_draft(*draft, ctx, out),
            DraftsMsg::Renamed { draft, name } => self.rename_draft(*draft, name, ctx, out),
            DraftsMsg::Dropped { draft } => self.drop_draft(*draft, ctx, out),
            DraftsMsg::WantedBack { draft } => self.save(Draft { updated_at: ctx.now, ..(**draft).clone() }, out),
            DraftsMsg::JobTaken { job } => self.take_job(job, ctx, out),
            _ => {}
        }
    }

    /// Goes on with the draft that was changed last, once its template is known; and where the operator was.
    pub(super) fn reopen_waiting(&mut self, ctx: &Context, out: &mut Out) {
        if self.form.is_some() || self.templates.is_empty() {
            return;
        }
        let Some(draft) = self.desk.waiting.take() else { return };
        if let Some(template) = self.template(&draft.template_id).cloned() {
            let pane = draft.place.pane;
            self.lay_out(template, draft, ctx, out);
            out.tell(DraftsMsg::Reopened { pane });
        }
    }

    /// A template was chosen: goes on with the nameless draft that it has, or begins another. Gives whether there was one.
    pub(super) fn take_up_nameless(&mut self, template: &Template, ctx: &Context, out: &mut Out) -> bool {
        let Some(draft) = self.desk.nameless(&template.id).cloned() else {
            self.desk.open = None;
            return false;
        };
        // Whom it was meant for last time is not whom it is meant for now, if somebody was chosen since.
        let audience = if self.audience.is_empty() { draft.audience.clone() } else { self.audience.clone() };
        self.lay_out(template.clone(), Draft { audience, ..draft }, ctx, out);
        true
    }

    fn take_up(&mut self, draft: Draft, ctx: &Context, out: &mut Out) {
        let Some(template) = self.template(&draft.template_id).cloned() else {
            let text = ctx.say_with("drafts.template_gone", &[("title", &draft.title)]);
            return out.tell(SystemMsg::Noted { level: Level::Warning, text });
        };
        self.lay_out(template, draft, ctx, out);
        out.tell(DraftsMsg::Reopened { pane: crate::tui::panes::PaneId::Compose.number() });
    }

    /// Puts a draft into the form, with its audience and the cursor where it was.
    fn lay_out(&mut self, template: Template, draft: Draft, ctx: &Context, out: &mut Out) {
        let Draft { id, texts, audience, place, .. } = draft;
        self.desk.open = Some(id);
        let mut form = Form::with_texts(template, &texts);
        self.item = form.item_of(&place.spot);
        self.editing = place.typing && self.item != Item::Audience;
        if let Some(field) = form.field_mut(self.item) {
            field.go_to(place.column);
        }
        self.set_form(form, out);
        if audience != self.audience {
            self.audience = audience;
            self.count = Count::Nobody;
            self.count(out);
        }
        self.refresh(ctx, out);
    }

    /// What is in the form stays as it was kept; what comes next is another draft.
    pub(super) fn leave_draft(&mut self) {
        self.desk.open = None;
    }

    /// The same template with nothing written in it; what was written stays a draft.
    fn begin_anew(&mut self, ctx: &Context, out: &mut Out) {
        let Some(template) = self.form.as_ref().map(|form| form.template.clone()) else { return };
        self.desk.open = None;
        (self.item, self.editing) = (Item::default(), true);
        self.set_form(Form::new(template, None), out);
        self.refresh(ctx, out);
        out.tell(DraftsMsg::Reopened { pane: crate::tui::panes::PaneId::Compose.number() });
    }

    fn copy_draft(&mut self, id: DraftId, ctx: &Context, out: &mut Out) {
        let Some(draft) = self.desk.find(id) else { return };
        let name = match draft.name.as_str() {
            "" => ctx.say_with("drafts.copy_of", &[("name", &draft.title)]),
            name => ctx.say_with("drafts.copy_of", &[("name", name)]),
        };
        let copy = Draft { id: self.desk.fresh_id(ctx), name, updated_at: ctx.now, ..draft.clone() };
        self.save(copy, out);
    }

    fn rename_draft(&mut self, id: DraftId, name: &str, ctx: &Context, out: &mut Out) {
        if let Some(draft) = self.desk.find(id) {
            self.save(Draft { name: name.trim().to_owned(), updated_at: ctx.now, ..draft.clone() }, out);
        }
    }

    fn drop_draft(&mut self, id: DraftId, ctx: &Context, out: &mut Out) {
        self.desk.drafts.retain(|draft| draft.id != id);
        out.ask(DraftsEffect::DeleteDraft { draft: id });
        if self.desk.open == Some(id) {
            self.desk.open = None;
            (self.form, self.editing) = (None, false);
            self.refresh(ctx, out);
        }
        self.tell_drafts(out);
    }

    fn save(&mut self, draft: Draft, out: &mut Out) {
        let Some(account) = self.account else { return };
        self.desk.put(draft.clone());
        out.ask(DraftsEffect::SaveDraft { account, draft: Box::new(draft) });
        self.tell_drafts(out);
    }

    fn tell_drafts(&self, out: &mut Out) {
        out.tell(DraftsMsg::Changed { drafts: self.desk.drafts.clone(), open: self.desk.open });
    }

    /// Writes on with what a job sent: a draft of its own.
    fn take_job(&mut self, job: &Job, ctx: &Context, out: &mut Out) {
        let draft = Draft {
            id: self.desk.fresh_id(ctx),
            name: ctx.say_with("drafts.from_job", &[("job", &job.id.to_string()), ("title", &job.title)]),
            template_id: job.message.template_id.clone(),
            title: job.title.clone(),
            texts: FormTexts::of(&job.message),
            audience: job.terms.clone().unwrap_or_default(),
            place: Place::default(),
            updated_at: ctx.now,
        };
        if self.template(&draft.template_id).is_some() {
            self.save(draft.clone(), out);
        }
        self.take_up(draft, ctx, out);
    }
}
