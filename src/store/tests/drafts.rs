use super::*;
use crate::domain::draft::{Draft, FieldText, FormTexts, Place, Spot};
use crate::domain::id::DraftId;

fn draft(id: i64, seconds: i64) -> Draft {
    let field = FieldText { key: "thing1".into(), value: "手冲咖啡壶 {{ remark }}".into(), color: "#17".into() };
    Draft {
        id: DraftId(id),
        name: "双十一".into(),
        template_id: TemplateId::trusted("T"),
        title: "订单".into(),
        texts: FormTexts { fields: vec![field], url: "no link".into(), ..FormTexts::default() },
        audience: Audience::of(UserSet::All),
        place: Place { pane: 5, spot: Spot::Value("thing1".into()), typing: true, column: 3 },
        updated_at: at(seconds),
    }
}

#[tokio::test]
async fn drafts_come_back_as_they_were_left_the_newest_first() {
    let (_dir, store) = open();
    let id = account(&store).await;
    for one in [draft(1, 5), draft(2, 9), Draft { name: String::new(), ..draft(1, 10) }] {
        store.put_draft(id, one).await.unwrap();
    }
    assert_eq!(store.drafts(id).await.unwrap(), [Draft { name: String::new(), ..draft(1, 10) }, draft(2, 9)]);
    assert_eq!(store.drafts(AccountId(99)).await.unwrap(), []);
}

#[tokio::test]
async fn a_deleted_draft_can_be_had_back_for_a_week() {
    let (_dir, store) = open();
    let id = account(&store).await;
    store.put_draft(id, draft(1, 0)).await.unwrap();
    store.delete_draft(DraftId(1), at(1)).await.unwrap();
    assert_eq!(store.drafts(id).await.unwrap(), []);
    store.put_draft(id, draft(1, 2)).await.unwrap();
    assert_eq!(store.drafts(id).await.unwrap(), [draft(1, 2)]);
    let rows = async || {
        let count =
            |db: &mut rusqlite::Connection| Ok(db.query_row("SELECT count(*) FROM drafts", [], |row| row.get::<_, i64>(0))?);
        store.reader.read(count).await.unwrap()
    };
    store.put_draft(id, draft(2, 2)).await.unwrap();
    store.delete_draft(DraftId(1), at(3)).await.unwrap();
    store.delete_draft(DraftId(2), at(7 * 86_400)).await.unwrap();
    assert_eq!(rows().await, 2);
    store.delete_draft(DraftId(2), at(8 * 86_400)).await.unwrap();
    assert_eq!(rows().await, 1);
}
