//! A window of the shown job's deliveries.

use crate::domain::delivery::{Delivery, State};
use crate::domain::id::{AccountId, JobId, RowNo};
use crate::tui::effect::{DeliveryFilter, SendEffect};
use crate::tui::input::Key;
use crate::tui::keys::Action;
use crate::tui::msg::{DeliveryPage, Generation};
use crate::tui::out::Out;
use crate::tui::widgets::{Cursor, Finder, Pressed, Sought};

/// Rows asked for at once.
const PAGE: u32 = 200;

/// The deliveries in view, and the request for more of them.
#[derive(Debug, Default)]
pub struct Rows {
    /// Of which job, and whose it is.
    of: Option<(AccountId, JobId)>,
    pub filter: DeliveryFilter,
    pub list: Vec<(Delivery, String)>,
    pub cursor: Cursor,
    /// Among the rows that are here.
    pub finder: Finder,
    /// The rows that it finds, by number.
    pub shown: Vec<usize>,
    more: bool,
    generation: Generation,
    request: Request,
    /// Which list was asked for last.
    asked: Option<(JobId, DeliveryFilter)>,
}

/// At most one request for deliveries is on its way; what happens meanwhile asks for one more afterwards.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Request {
    #[default]
    None,
    First,
    Next,
    FirstAgain,
}

impl Rows {
    /// Nothing in view, and every answer still on its way is stale.
    pub fn emptied(&self) -> Self {
        Self { generation: self.generation, ..Self::default() }
    }

    /// Shows the deliveries of a job, or of none.
    pub fn show(&mut self, of: Option<(AccountId, JobId)>, filter: DeliveryFilter, out: &mut Out) {
        if self.of != of {
            self.finder.clear();
        }
        self.of = of;
        self.set_filter(filter, out);
    }

    /// Whose deliveries they are.
    pub fn job(&self) -> Option<JobId> {
        self.of.map(|(_, job)| job)
    }

    /// Leaves one filter for the next.
    pub fn next_filter(&mut self, out: &mut Out) {
        self.set_filter(following(self.filter), out);
    }

    /// Lists others of the same job, from the first.
    pub fn set_filter(&mut self, filter: DeliveryFilter, out: &mut Out) {
        self.filter = filter;
        self.cursor = Cursor::default();
        self.load_first(out);
    }

    /// The delivery under the cursor with its recipient's name.
    pub fn current(&self) -> Option<&(Delivery, String)> {
        self.shown.get(self.cursor.at).and_then(|index| self.list.get(*index))
    }

    /// Moves by an action; whether it was one that moves.
    pub fn on_action(&mut self, action: Action, out: &mut Out) -> bool {
        let moves = self.cursor.on_action(action, self.shown.len());
        if moves {
            self.load_margin(out);
        }
        moves
    }

    /// Selects the row on a line.
    pub fn press(&mut self, line: usize, out: &mut Out) -> Pressed {
        let pressed = self.finder.press(line, &mut self.cursor, self.shown.len());
        self.load_margin(out);
        pressed
    }

    /// A key while searching.
    pub fn on_key(&mut self, key: Key, out: &mut Out) {
        match self.finder.on_key(key) {
            Sought::Step(step) => _ = self.on_action(step, out),
            Sought::Text => self.narrow(),
            Sought::Kept | Sought::Nothing => {}
        }
    }

    /// Whether there are rows that were not read yet.
    pub fn has_more(&self) -> bool {
        self.more
    }

    /// Looks again which rows are in view of the search.
    pub fn narrow(&mut self) {
        let fits = |finder: &Finder, index: usize| {
            let (delivery, name) = &self.list[index];
            let code = delivery.errcode.map(|code| code.to_string()).unwrap_or_default();
            finder.fits(&[name, delivery.openid.as_str(), &code])
        };
        self.shown = self.finder.shown(self.list.len(), fits);
        self.cursor.clamp(self.shown.len());
    }

    /// Reads the rows again, as far as nobody reads them: they must not move under an eye that does.
    pub fn follow(&mut self, out: &mut Out) {
        if self.cursor.at == 0 {
            self.load_first(out);
        }
    }

    /// Reads the first rows.
    pub fn load_first(&mut self, out: &mut Out) {
        match self.request {
            // Something is on its way: what it brings may already be old, so ask again when it is here.
            Request::First | Request::FirstAgain if self.same_list_is_asked() => self.request = Request::FirstAgain,
            _ => {
                self.request = Request::First;
                self.load(None, out);
            }
        }
    }

    /// Takes in rows, unless they answer an older request.
    pub fn take_page(&mut self, generation: Generation, page: DeliveryPage, out: &mut Out) {
        if generation != self.generation {
            return;
        }
        let request = std::mem::take(&mut self.request);
        self.more = page.more;
        if request == Request::Next {
            self.list.extend(page.rows);
        } else {
            self.list = page.rows;
        }
        self.narrow();
        if request == Request::FirstAgain {
            self.load_first(out);
        }
    }

    fn load(&mut self, after: Option<RowNo>, out: &mut Out) {
        let Some((account, job)) = self.of else {
            self.list.clear();
            self.narrow();
            self.request = Request::None;
            return;
        };
        let generation = self.generation.advance();
        self.asked = Some((job, self.filter));
        out.ask(SendEffect::LoadDeliveries { generation, account, job, filter: self.filter, after, count: PAGE });
    }

    fn same_list_is_asked(&self) -> bool {
        self.asked == self.of.map(|(_, job)| (job, self.filter))
    }

    fn load_margin(&mut self, out: &mut Out) {
        let near_end = self.cursor.at + 20 >= self.shown.len();
        if self.more && near_end && self.request == Request::None {
            self.request = Request::Next;
            self.load(self.list.last().map(|(delivery, _)| delivery.row), out);
        }
    }
}

fn following(filter: DeliveryFilter) -> DeliveryFilter {
    match filter {
        DeliveryFilter::Problems => DeliveryFilter::All,
        DeliveryFilter::All => DeliveryFilter::Only(State::Failed),
        DeliveryFilter::Only(State::Failed) => DeliveryFilter::Only(State::Unknown),
        DeliveryFilter::Only(State::Unknown) => DeliveryFilter::Only(State::Skipped),
        DeliveryFilter::Only(State::Skipped) => DeliveryFilter::Only(State::Accepted),
        DeliveryFilter::Only(State::Accepted) => DeliveryFilter::Only(State::Queued),
        DeliveryFilter::Only(_) | DeliveryFilter::Code(_) => DeliveryFilter::Problems,
    }
}
