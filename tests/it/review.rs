//! Messages that WeChat held for review (40252): which of them it refused.

use crate::home::{Home, said};
use crate::scene::Scene;
use muban::dispatch::{self, Format, Review};
use muban::domain::delivery::{Delivery, State};
use muban::domain::job::Job;
use muban::domain::lang::Lang;
use muban::sim::{Chance, Sim, World};
use muban::store::DeliveryFilter;
use std::collections::BTreeSet;

const LIST: &str = "/wxa/sec/queryblocktmplmsg";

async fn reviewed(scene: &Scene, job: &Job) -> Review {
    dispatch::review(&*scene.session().await, &scene.store, job).await.unwrap()
}

/// Who is accepted, and yet nothing arrived.
async fn without_message(scene: &Scene, job: &Job) -> BTreeSet<String> {
    let arrived: BTreeSet<String> = scene.delivered(job).into_iter().map(|message| message.openid).collect();
    let rows = scene.rows(job).await.into_iter().filter(|row| row.state == State::Accepted);
    rows.map(|row| row.openid.to_string()).filter(|openid| !arrived.contains(openid)).collect()
}

fn refused(rows: &[Delivery]) -> BTreeSet<String> {
    rows.iter().filter(|row| row.is_refused_in_review()).map(|row| row.openid.to_string()).collect()
}

#[tokio::test]
async fn who_was_refused_is_found_over_many_pages_and_noted() {
    let scene = Scene::of(World::with_followers(400, 1)).await;
    scene.sim.faults(|faults| (faults.review, faults.block) = (Chance::next(300), Chance::next(250)));
    let job = scene.send(scene.first(400), 16).await;
    assert_eq!((job.counts.accepted, scene.sim.delivered_count()), (400, 150));
    let before = scene.rows(&job).await;
    let review = reviewed(&scene, &job).await;
    assert_eq!((review.held, review.blocked.len()), (300, 250));
    let found: BTreeSet<String> = review.blocked.iter().map(|one| one.openid.to_string()).collect();
    assert_eq!(found, without_message(&scene, &job).await, "those, and nobody else");
    assert!(review.blocked.iter().all(|one| one.title == "订单发货通知" && before[one.row.0 as usize].openid == one.openid));

    let rows = scene.rows(&job).await;
    assert_eq!(refused(&rows), found);
    assert!(rows.iter().all(|row| row.state == State::Accepted), "WeChat took them all");
    assert_eq!(reviewed(&scene, &job).await, review);
    assert_eq!(scene.rows(&job).await, rows, "asking twice changes nothing more");
    let mut out = Vec::new();
    let in_review = DeliveryFilter { errcode: Some(40252), ..DeliveryFilter::default() };
    dispatch::export(&scene.store, &job, in_review, Format::Json, Lang::En, &mut out).await.unwrap();
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text.matches("refused it there").count(), 250);
    assert_eq!(text.matches("\"refused in review, not delivered; this template msg").count(), 250, "WeChat's own words stay");
}

#[tokio::test]
async fn what_was_refused_at_another_time_is_not_taken_for_this_jobs() {
    let scene = Scene::of(World::with_followers(20, 1)).await;
    scene.sim.faults(|faults| (faults.review, faults.block) = (Chance::percent(100.0), Chance::next(3)));
    let job = scene.send(scene.first(20), 4).await;
    let mine = without_message(&scene, &job).await;
    // An hour later by WeChat's clock the same message is refused for everyone.
    scene.sim.world(|world| world.advance(std::time::Duration::from_hours(1)));
    scene.sim.faults(|faults| faults.block = Chance::percent(100.0));
    scene.send(scene.first(20), 4).await;
    let review = reviewed(&scene, &job).await;
    assert_eq!(review.blocked.iter().map(|one| one.openid.to_string()).collect::<BTreeSet<_>>(), mine);
    assert_eq!((review.held, mine.len()), (20, 3));
}

#[tokio::test]
async fn a_job_without_reviews_asks_nothing() {
    let scene = Scene::of(World::with_followers(20, 1)).await;
    let job = scene.send(scene.first(20), 4).await;
    assert_eq!((reviewed(&scene, &job).await, scene.sim.calls(LIST)), (Review::default(), 0));
}

#[test]
fn the_command_tells_who_did_not_get_it() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    sim.faults(|faults| (faults.review, faults.block) = (Chance::next(5), Chance::next(2)));
    home.send(&["--tag", "VIP"]);
    let told = home.fine(&["job", "review", "1", "--json"]);
    assert_eq!((&told["job"], &told["held"]), (&1.into(), &5.into()));
    let [first, second] = told["blocked"].as_array().unwrap().as_slice() else { panic!("{told}") };
    assert!(first["row"].is_u64() && first["sent_at"].as_str().is_some_and(|at| at.ends_with('Z')), "{told}");
    assert_eq!((&first["title"], first["openid"] == second["openid"]), (&"订单发货通知".into(), false));
    let people = home.run(&["job", "review", "1"]);
    let openid = first["openid"].as_str().unwrap();
    assert!(said(&people).contains("2 of them were refused") && said(&people).contains(openid), "{}", said(&people));
    let rows = home.fine(&["job", "export", "1", "--json", "--errcode", "40252"]);
    let note = rows.as_array().unwrap().iter().filter(|row| row["errmsg"].as_str().unwrap().starts_with("refused in review"));
    assert_eq!((rows.as_array().unwrap().len(), note.count()), (5, 2));
}
