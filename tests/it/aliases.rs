//! Templates by a name of the operator's own, on the command line.

use crate::home::{Home, said};
use muban::sim::{Sim, World};
use serde_json::{Value, json};

const SHIPPED: &str = "订单发货通知";
const PAID: &str = "支付成功通知";

fn demo() -> (Sim, Home) {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    (sim, home)
}

/// A template as `templates` lists it.
fn listed(home: &Home, title: &str) -> Value {
    let all = home.fine(&["templates", "--json"]);
    all.as_array().unwrap().iter().find(|one| one["title"] == title).unwrap().clone()
}

fn id(home: &Home, title: &str) -> String {
    listed(home, title)["template_id"].as_str().unwrap().to_owned()
}

fn refused(home: &Home, args: &[&str], names: &[&str]) {
    let output = home.run(args);
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]), "{}", said(&output));
    for name in names {
        assert!(said(&output).contains(name), "{name}: {}", said(&output));
    }
}

#[test]
fn a_template_answers_to_its_alias_wherever_one_is_named() {
    let (sim, home) = demo();
    let shipped = id(&home, SHIPPED);
    assert_eq!(listed(&home, SHIPPED)["alias"], Value::Null);
    let set = home.fine(&["template", "alias", SHIPPED, " 发货 ", "--json"]);
    assert_eq!(set, json!({ "template_id": shipped, "alias": "发货", "was": null }));
    assert_eq!(listed(&home, SHIPPED)["alias"], "发货");
    assert!(said(&home.run(&["templates"])).contains(&format!("{shipped}  [发货]  {SHIPPED}")));
    assert_eq!(home.fine(&["templates", "--search", "发货", "--json"])[0]["template_id"], shipped.as_str());
    let fields = ["time5=2023-11-09 15:01", "character_string1=M1", "thing2=手冲咖啡壶", "thing3=顺丰", "character_string4=S1"];
    let fields: Vec<&str> = fields.iter().flat_map(|field| ["--set", field]).collect();
    let preview = home.fine(&[&["preview", "--template", "发货"], &fields[..]].concat());
    assert_eq!(preview["template_id"], shipped.as_str(), "WeChat is told the id");
    let openid = sim.world(|world| world.accounts()[0].openid(7));
    let sent = home.run(&[&["send", "--yes", "--json", "--to", &openid, "--template", "发货"], &fields[..]].concat());
    assert_eq!((sent.status.code(), sim.delivered_count()), (Some(0), 1), "{}", said(&sent));
    let refreshed = home.fine(&["template", "refresh", "发货", "--json"]);
    assert_eq!(refreshed["template"]["template_id"], shipped.as_str());
    let renamed = home.fine(&["template", "alias", "发货", "ship", "--json"]);
    assert_eq!(renamed, json!({ "template_id": shipped, "alias": "ship", "was": "发货" }));
    refused(&home, &["preview", "--template", "发货"], &["发货"]);
    home.fine(&["sync", "--json"]);
    assert_eq!(listed(&home, SHIPPED)["alias"], "ship", "kept through a sync");
    let removed = home.fine(&["template", "remove", "ship", "--confirm", SHIPPED, "--json"]);
    assert_eq!(removed["template_id"], shipped.as_str());
}

#[test]
fn a_name_that_could_mean_another_template_is_refused() {
    let (_sim, home) = demo();
    let (shipped, paid) = (id(&home, SHIPPED), id(&home, PAID));
    home.fine(&["template", "alias", SHIPPED, "Ship"]);
    refused(&home, &["template", "alias", PAID, "ship"], &["Ship", &shipped]);
    refused(&home, &["template", "alias", PAID, SHIPPED], &["title of another", &shipped]);
    refused(&home, &["template", "alias", PAID, &shipped], &["id of a template"]);
    refused(&home, &["template", "alias", PAID, &paid.to_lowercase()], &["id of a template"]);
    refused(&home, &["template", "alias", PAID, " "], &["one character"]);
    refused(&home, &["template", "alias", PAID, "--", "-x"], &["begin with -"]);
    refused(&home, &["template", "alias", PAID, "x", "--remove"], &["--remove"]);
    refused(&home, &["template", "alias", "没有这个", "x"], &["没有这个"]);
    refused(&home, &["template", "alias", PAID, SHIPPED, "--lang", "zh"], &["另一个模板", &shipped]);
    assert_eq!(listed(&home, PAID)["alias"], Value::Null);
}

#[test]
fn aliases_are_listed_and_taken_away() {
    let (_sim, home) = demo();
    let none = home.run(&["template", "alias"]);
    assert!(none.status.success() && said(&none).contains("No template has a name of its own"), "{}", said(&none));
    assert_eq!(home.fine(&["template", "alias", "--json"]), json!([]));
    let (shipped, paid) = (id(&home, SHIPPED), id(&home, PAID));
    home.fine(&["template", "alias", PAID, "paid"]);
    home.fine(&["template", "alias", SHIPPED, "ship"]);
    let (first, second) = (
        json!({ "alias": "paid", "template_id": paid, "title": PAID }),
        json!({ "alias": "ship", "template_id": shipped, "title": SHIPPED }),
    );
    assert_eq!(home.fine(&["template", "alias", "--json"]), json!([first, second]));
    assert_eq!(home.fine(&["template", "alias", SHIPPED, "--json"]), json!([second]));
    let removed = home.fine(&["template", "alias", "paid", "--remove", "--json"]);
    assert_eq!(removed, json!({ "template_id": paid, "alias": null, "was": "paid" }));
    let again = home.run(&["template", "alias", PAID, "--remove"]);
    assert!(again.status.success() && said(&again).contains("had no name"), "{}", said(&again));
}

#[test]
fn the_alias_of_a_deleted_template_points_at_nothing_until_another_has_it() {
    let (_sim, home) = demo();
    let (shipped, paid) = (id(&home, SHIPPED), id(&home, PAID));
    home.fine(&["template", "alias", SHIPPED, "ship"]);
    home.fine(&["template", "remove", SHIPPED, "--confirm", SHIPPED]);
    refused(&home, &["preview", "--template", "ship"], &["no template `ship`"]);
    assert_eq!(home.fine(&["template", "alias", "--json"]), json!([{ "alias": "ship", "template_id": shipped, "title": null }]));
    let taken = home.run(&["template", "alias", PAID, "ship"]);
    assert!(taken.status.success() && said(&taken).contains(&format!("ship was the name of {shipped}")), "{}", said(&taken));
    assert_eq!(home.fine(&["template", "alias", "--json"])[0]["template_id"], paid.as_str());
    home.fine(&["template", "remove", PAID, "--confirm", PAID]);
    home.fine(&["template", "alias", "ship", "--remove"]);
    assert_eq!(home.fine(&["template", "alias", "--json"]), json!([]));
}
