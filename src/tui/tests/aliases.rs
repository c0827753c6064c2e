//! What the operator calls templates.

use super::pictures::pictures;
use crate::domain::alias::{AliasError, Aliases};
use crate::domain::id::{AccountId, TemplateId};
use crate::domain::lang::Lang;
use crate::tui::effect::{Effect, TemplatesEffect};
use crate::tui::input::Input;
use crate::tui::msg::TemplatesMsg;
use crate::tui::testkit::{Bench, World};

const ACME: AccountId = AccountId(1);
const ORDER: &str = "Hmr2ZBqDm9ZHmtLBGdvJZyLyBRS4O2OPpkjAUHOmIPM";
const POINTS: &str = "TM00015_oldest_of_them_all_0123456789abcdefg";

fn id(id: &str) -> TemplateId {
    TemplateId::trusted(id)
}

fn bench(lang: Lang, (width, height): (u16, u16)) -> Bench {
    let aliases = Aliases::new(vec![("order".into(), id(ORDER)), ("积分".into(), id(POINTS))]);
    let mut bench = Bench::with(lang, World { aliases, ..World::default() }).size(width, height);
    bench.keys("2").asked();
    bench
}

fn set(alias: Option<&str>) -> Effect {
    TemplatesEffect::SetAlias { account: ACME, template: id(ORDER), alias: alias.map(str::to_owned) }.into()
}

fn refused(template: &str, error: AliasError) -> TemplatesMsg {
    TemplatesMsg::AliasRefused { account: ACME, template: id(template), error }
}

#[test]
fn pictures_of_an_alias() {
    pictures("aliases", |bench| _ = bench.keys("enter"), bench);
    let taken = |bench: &mut Bench| {
        let error = AliasError::Taken { alias: "积分".into(), by: id(POINTS) };
        bench.keys("A").msg(refused(ORDER, error));
    };
    pictures("template_alias", |bench| _ = bench.keys("down A"), bench);
    pictures("template_alias_taken", taken, bench);
}

#[test]
fn a_template_is_called_by_what_was_typed() {
    let mut bench = bench(Lang::En, (120, 36));
    bench.keys("A");
    assert!(bench.screen().contains("name      order"), "begins with what it is called: {}", bench.screen());
    bench.keys("s enter");
    assert_eq!(bench.asked(), [set(Some("orders"))]);
    bench.msg(refused(POINTS, AliasError::IsId));
    assert!(!bench.screen().contains("✗"), "of another template");
    bench.msg(refused(ORDER, AliasError::IsTitle(id(POINTS))));
    assert!(bench.screen().contains("✗ this is the title of another template"), "{}", bench.screen());
    bench.input(Input::Paste("!".into()));
    assert!(!bench.screen().contains("✗"), "it is being changed");
    bench.keys("enter");
    assert_eq!(bench.asked(), [set(Some("orders!"))]);
    bench.world().aliases = Aliases::new(vec![("orders!".into(), id(ORDER))]);
    bench.msg(TemplatesMsg::Aliased { account: ACME, template: id(ORDER), alias: Some("orders!".into()) });
    let screen = bench.screen();
    assert!(screen.contains("▸ orders! 订单发货提醒") && !screen.contains("A name of your own"), "{screen}");
    assert!(bench.footer().starts_with("The template is called orders! from now on."), "{}", bench.footer());
}

#[test]
fn without_a_name_it_is_called_by_its_title() {
    let mut bench = bench(Lang::En, (120, 36));
    bench.keys("A ctrl-w enter");
    assert_eq!(bench.asked(), [set(None)]);
    bench.msg(TemplatesMsg::Aliased { account: ACME, template: id(ORDER), alias: None });
    assert!(bench.footer().starts_with("The template is called by its title only."), "{}", bench.footer());
    bench.keys("A x esc A");
    assert!(bench.screen().contains("name      order") && bench.asked().is_empty(), "{}", bench.screen());
}

#[test]
fn a_search_finds_it() {
    let mut bench = bench(Lang::En, (120, 36));
    bench.keys("/ ORD");
    assert!(bench.screen().contains("▸ order 订单发货提醒") && !bench.screen().contains("隐患整改"), "{}", bench.screen());
    bench.keys("esc / 积分");
    assert!(bench.screen().contains("▸ 积分 会员积分"), "{}", bench.screen());
}
