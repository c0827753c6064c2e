//! Where the panes are, and what is around them.

use super::app::App;
use super::areas::{Areas, SMALLEST, is_too_small};
use super::context::Context;
use super::keys::{Action, Place};
use super::notices;
use super::paint;
use super::panes::PaneId;
use super::quota_news;
use super::theme::Role;
use super::widgets::{Line, Panel};
use crate::domain::account::Account;
use crate::text::{number, width};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Draws everything; gives where the cursor stands, if a text field has it.
pub fn view(app: &App, window: Rect, buf: &mut Buffer) -> Option<Position> {
    let cursor = view_all(app, window, buf);
    paint::finish(buf, &app.ctx);
    cursor
}

fn view_all(app: &App, window: Rect, buf: &mut Buffer) -> Option<Position> {
    let ctx = &app.ctx;
    if is_too_small(window) {
        let (width, height) = (SMALLEST.0.to_string(), SMALLEST.1.to_string());
        Line::new(buf, window, 0)
            .put(&ctx.say_with("screen.too_small", &[("width", &width), ("height", &height)]), ctx.style(Role::Warning));
        return None;
    }
    let areas = app.areas;
    header(app, areas.header, buf);
    let mut cursor = None;
    // The focused pane comes last, so that lines it shares with its neighbours are drawn as its own.
    for pane in PaneId::ALL.into_iter().filter(|pane| *pane != app.focus).chain([app.focus]) {
        cursor = view_pane(app, pane, &areas, buf).or(cursor);
    }
    title_below(app, &areas, buf);
    footer(app, areas.footer, buf);
    app.notices.view(areas.footer, buf, ctx);
    for layer in &app.layers {
        cursor = layer.view(window, buf, ctx);
    }
    cursor
}

/// The focused frame was drawn last, over the line which is also the title of the pane below it.
fn title_below(app: &App, areas: &Areas, buf: &mut Buffer) {
    let ctx = &app.ctx;
    if !areas.wide {
        return;
    }
    Panel { title: ctx.say("preview.card"), ..Panel::default() }.write_title(areas.card, buf, ctx);
    if app.focus < PaneId::Users {
        let below = app.focus.next(1);
        let (title, aside) = (title(app, below), aside(app, below));
        let panel = Panel { number: Some(below.number()), title: &title, aside: &aside, ..Panel::default() };
        panel.write_title(areas.pane(below), buf, ctx);
    }
}

fn view_pane(app: &App, pane: PaneId, areas: &Areas, buf: &mut Buffer) -> Option<Position> {
    let ctx = &app.ctx;
    let area = areas.pane(pane);
    let (title, aside) = (title(app, pane), aside(app, pane));
    let panel = Panel {
        number: Some(pane.number()),
        title: &title,
        aside: &aside,
        keeps_aside: pane == PaneId::Compose,
        focused: app.focus == pane && app.layers.is_empty(),
        joined_above: areas.wide && matches!(pane, PaneId::Templates | PaneId::Tags | PaneId::Users),
        joined_below: areas.wide && matches!(pane, PaneId::Accounts | PaneId::Templates | PaneId::Tags | PaneId::Preview),
    };
    if area.height == 0 {
        return None;
    }
    if area.height == 1 {
        folded(app, pane, &panel, area, buf);
        return None;
    }
    match pane {
        PaneId::Accounts => return app.accounts.view(&panel, area, buf, ctx),
        PaneId::Templates => return app.templates.view(&panel, area, buf, ctx),
        PaneId::Tags => return app.tags.view(&panel, area, buf, ctx),
        PaneId::Users => return app.users.view(&panel, area, buf, ctx),
        PaneId::Compose => return app.compose.view(&panel, area, buf, ctx),
        PaneId::Preview => view_preview(app, &panel, areas, buf),
        PaneId::Send => return app.send.view(&panel, area, buf, ctx),
    }
    None
}

fn view_preview(app: &App, panel: &Panel, areas: &Areas, buf: &mut Buffer) {
    let ctx = &app.ctx;
    let card = Panel {
        number: None,
        title: ctx.say("preview.card"),
        aside: "",
        joined_above: areas.wide,
        joined_below: false,
        ..*panel
    };
    if areas.wide {
        app.preview.view_card(&Panel { focused: false, ..card }, areas.card, buf, ctx);
        app.preview.view_json(panel, areas.pane(PaneId::Preview), buf, ctx);
    } else if app.preview.shows_card() {
        app.preview.view_card(&Panel { number: panel.number, ..card }, areas.card, buf, ctx);
    } else {
        app.preview.view_json(panel, areas.pane(PaneId::Preview), buf, ctx);
    }
}

/// A list of which there is only a line, or the send pane as its gauge.
fn folded(app: &App, pane: PaneId, panel: &Panel, area: Rect, buf: &mut Buffer) {
    let ctx = &app.ctx;
    if pane == PaneId::Send {
        return app.send.view_line(pane.number(), area, buf, ctx);
    }
    let mut line = Line::new(buf, area, 0);
    line.put(&format!(" {} ", pane.number()), ctx.style(Role::Key)).put(panel.title, ctx.style(Role::Title));
    let chosen = match pane {
        PaneId::Accounts => app.accounts.active().map(|account| account.name.as_str()),
        PaneId::Templates => app.compose.title(),
        _ => None,
    };
    if let Some(chosen) = chosen {
        line.put("  ", ctx.style(Role::Dim)).put(chosen, ctx.style(Role::Dim));
    }
}

fn title(app: &App, pane: PaneId) -> String {
    let ctx = &app.ctx;
    let counted = |name: &str, count: usize| {
        if count > 0 { format!("{name} {}", number::thousands(count as u64)) } else { name.to_owned() }
    };
    match pane {
        PaneId::Accounts => ctx.say("accounts.title").to_owned(),
        PaneId::Templates => counted(ctx.say("templates.title"), app.templates.len()),
        PaneId::Tags => counted(ctx.say("tags.title"), app.tags.len()),
        PaneId::Users => {
            let users = ctx.say("users.title");
            let users = if app.users.is_counting() {
                format!("{users} …")
            } else {
                counted(users, app.users.total().unwrap_or(0) as usize)
            };
            app.users.tag().map_or(users.clone(), |tag| format!("{users} · {}", tag.name))
        }
        PaneId::Compose => match app.compose.chosen() {
            Some(template) => {
                let alias = app.templates.alias_of(&template.id).map(|alias| format!("{alias} ")).unwrap_or_default();
                format!("{} · {alias}{}", ctx.say("compose.title"), template.title)
            }
            None => ctx.say("compose.title").to_owned(),
        },
        PaneId::Preview => ctx.say("preview.title").to_owned(),
        PaneId::Send => app.send.title(ctx),
    }
}

fn aside(app: &App, pane: PaneId) -> String {
    match pane {
        PaneId::Users => app.users.aside(&app.ctx),
        PaneId::Compose => app.compose.aside(&app.ctx),
        PaneId::Preview => app.preview.recipient(&app.ctx),
        PaneId::Send => app.send.aside(&app.ctx),
        _ => String::new(),
    }
}

fn header(app: &App, area: Rect, buf: &mut Buffer) {
    let ctx = &app.ctx;
    let mut line = Line::new(buf, area, 0);
    line.right(&format!("{} {} ", ctx.key(Action::Help), ctx.say("header.help")), ctx.style(Role::Dim));
    line.put(" muban ", ctx.style(Role::TitleFocused)).put(" ", ctx.style(Role::Dim));
    let Some(account) = app.accounts.active() else { return };
    line.put(&account.name, ctx.style(Role::Strong)).put(&format!(" {}", account.appid.short()), ctx.style(Role::Dim));
    let mut facts = facts(app, account, line.room());
    let needed = |facts: &[Fact]| facts.iter().map(|fact| width::columns(&fact.text) + 3).sum::<usize>();
    // What finds no room goes as a whole, the token first: it is fetched anew without anyone's doing.
    while needed(&facts) > line.room()
        && let Some(least) = (0..facts.len()).min_by_key(|at| facts[*at].weight)
    {
        facts.remove(least);
    }
    for fact in facts {
        line.put(&format!("   {}", fact.text), ctx.style(fact.role));
    }
}

/// Something known of the account, and how much it is worth where there is no room for all.
struct Fact {
    weight: u8,
    role: Role,
    text: String,
}

fn facts(app: &App, account: &Account, room: usize) -> Vec<Fact> {
    let ctx = &app.ctx;
    let zone = &ctx.settings.zone;
    let token = app.token_until.map(|until| ctx.say_with("header.token", &[("time", &number::clock(until, zone))]));
    let quota = account.quota.filter(|quota| quota.is_of_day(ctx.now));
    let listed_at = app.sync.listed().map_or(account.last_synced_at, |listed| listed.at);
    let synced = match (app.sync.stale_words(ctx), listed_at) {
        (Some(stale), Some(_)) => (3, Role::Warning, Some(stale)),
        (_, Some(time)) => (1, Role::Dim, Some(ctx.say_with("header.synced", &[("time", &number::day_and_clock(time, zone))]))),
        (_, None) => (1, Role::Dim, Some(ctx.say("header.never_synced").to_owned())),
    };
    let facts = [
        (0, Role::Dim, token),
        (2, Role::Dim, quota.map(|quota| quota_news::said(quota, "header.today", ctx))),
        synced,
        (4, Role::Busy, app.sync.words(room.saturating_sub(3), ctx)),
    ];
    facts.into_iter().filter_map(|(weight, role, text)| text.map(|text| Fact { weight, role, text })).collect()
}

fn footer(app: &App, area: Rect, buf: &mut Buffer) {
    let ctx = &app.ctx;
    let mut line = Line::new(buf, area, 0);
    line.put(" ", ctx.style(Role::Dim));
    let begun = app.begun_words();
    if let Some(note) = app.notices.toasts().last() {
        line.put(&note.text, ctx.style(notices::role(note.level))).put("   ", ctx.style(Role::Dim));
    }
    if let Some(begun) = &begun {
        line.put(begun, ctx.style(Role::Strong)).put("   ", ctx.style(Role::Dim));
    } else if !app.layers.is_empty() {
        // A layer has its own keys, and says them itself.
        return;
    }
    for (key, text) in hints(app, ctx) {
        if width::columns(&key) + width::columns(&text) + 3 > line.room() {
            break;
        }
        line.put(&key, ctx.style(Role::Key)).put(&format!(" {text}   "), ctx.style(Role::Dim));
    }
}

/// What to press here: the key table, and while nothing can be sent yet, the next step first.
fn hints(app: &App, ctx: &Context) -> Vec<(String, String)> {
    if !app.begun.is_empty() {
        let following = ctx.keys.following(app.key_place(), &app.begun);
        return following.into_iter().map(|(keys, row)| (keys, ctx.say_with(&row.text, &[]))).collect();
    }
    let typing = app.is_searching();
    if typing {
        return ["enter", "esc"]
            .into_iter()
            .zip([ctx.say("footer.search_done"), ctx.say("footer.search_clear")])
            .map(|(key, text)| (key.to_owned(), text.to_owned()))
            .collect();
    }
    let mut rows = ctx.keys.footer(app.place());
    // What a job that has ended cannot do any more is not offered.
    if app.focus == PaneId::Send {
        rows.retain(|row| row.place != Place::Send || app.obstacle(row.place, row.action).is_none());
    }
    let name = |row: &super::keys::Binding| row.keys.first().map(ToString::to_string).unwrap_or_default();
    let mut hints: Vec<(String, String)> = rows.iter().map(|row| (name(row), ctx.say_with(&row.text, &[]))).collect();
    if let Some((action, text)) = app.next_step()
        && app.place() != Place::Edit
    {
        hints.retain(|(key, _)| *key != ctx.key(action));
        hints.insert(1.min(hints.len()), (ctx.key(action), text.to_owned()));
    }
    hints
}
