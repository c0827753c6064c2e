//! The whole way: what leaves, what is made of what comes, and what is never seen.

use super::super::client::Trust;
use super::server::{Answer, Seen, Server, http, ok};
use super::*;
use crate::domain::api_base::ApiBase;
use crate::domain::id::{AppId, OpenId};
use crate::domain::secret::{AccessToken, AppSecret};
use crate::wechat::{CallError, CallRecord, Client, ClientOptions, Doubt, NoConnection, SendReply};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpSocket};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

type Records = Arc<Mutex<Vec<CallRecord>>>;

/// A client and the records of its calls.
fn client(base: &ApiBase, options: &ClientOptions) -> (Client, Records) {
    let records = Records::default();
    let kept = Arc::clone(&records);
    let observer = Arc::new(move |record: &CallRecord| kept.lock().unwrap().push(record.clone()));
    (Client::new(base, options, Some(observer)).unwrap(), records)
}

fn token() -> AccessToken {
    AccessToken::new(TOKEN.into())
}

fn appid() -> AppId {
    AppId::trusted("wx29e3b7bbdccf6f3b")
}

fn secret() -> AppSecret {
    AppSecret::parse(SECRET).unwrap()
}

/// One send against one answer.
async fn send(answer: Answer) -> SendReply {
    let server = Server::start([answer]).await;
    let (client, records) = client(&server.base, &ClientOptions::default());
    let reply = client.send(&client.send_target(&token()), b"{}".to_vec()).await;
    assert_eq!(server.seen().len(), 1, "one request is one request");
    assert_clean(&format!("{client:?} {reply:?} {:?} {:?}", reply.raw(), records.lock().unwrap()));
    reply
}

fn assert_clean(text: &str) {
    assert!(!text.contains(TOKEN) && !text.contains(SECRET) && !text.contains("access_token"), "{text}");
}

fn doubt(reply: &SendReply) -> &Doubt {
    match &reply.result {
        Err(CallError::Ambiguous { why, .. }) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_send_leaves_as_it_was_made_and_its_acceptance_is_read() {
    let server = Server::start([ok(r#"{"errcode":0,"errmsg":"ok","msgid":3557254367693750277}"#)]).await;
    let (client, records) = client(&server.base, &ClientOptions::default());
    let body = r#"{"touser":"o1","data":{"thing1":{"value":"某某公司 ✓\n"}}}"#;
    let reply = client.send(&client.send_target(&token()), body.into()).await;
    assert_eq!(reply.result, Ok(Some(3_557_254_367_693_750_277)));
    assert_eq!(reply.raw().unwrap(), r#"{"errcode":0,"errmsg":"ok","msgid":3557254367693750277}"#);

    let seen = &server.seen()[0];
    assert_eq!(seen.first_line(), format!("POST /cgi-bin/message/template/send?access_token={TOKEN} HTTP/1.1"));
    assert_eq!(seen.body, body.as_bytes());
    assert_eq!(seen.header("content-length"), Some(body.len().to_string().as_str()));
    assert_eq!(seen.header("transfer-encoding"), None);
    assert_eq!(seen.header("content-type"), Some("application/json; charset=utf-8"));

    let record = records.lock().unwrap()[0].clone();
    assert_eq!((record.method, record.path), ("POST", "/cgi-bin/message/template/send"));
    assert_eq!((record.http_status, record.errcode, record.detail), (Some(200), Some(0), None));
}

#[tokio::test]
async fn a_token_is_escaped_and_connections_are_kept() {
    let server =
        Server::start([ok(r#"{"errcode":0}"#), ok(r#"{"errcode":0}"#), ok(r#"{"tags":[]}"#), ok(r#"{"tags":[]}"#)]).await;
    let (client, _) = client(&server.base, &ClientOptions::default());
    let target = client.send_target(&AccessToken::new("a b&c=d#e?f/张".into()));
    for _ in 0..2 {
        client.send(&target, b"{}".to_vec()).await.result.unwrap();
    }
    assert!(server.seen()[0].first_line().ends_with("?access_token=a+b%26c%3Dd%23e%3Ff%2F%E5%BC%A0 HTTP/1.1"));
    assert_eq!(server.connections(), 1);
    for _ in 0..2 {
        client.tags(&token()).await.unwrap();
    }
    assert_eq!(server.connections(), 2, "one for sends, one for everything else");
}

#[tokio::test]
async fn a_connection_closed_while_idle_leaves_no_doubt() {
    let Answer::Bytes(accepted) = ok(r#"{"errcode":0,"msgid":7}"#) else { unreachable!() };
    let server = Server::start([Answer::BytesThenClose(accepted), ok(r#"{"tags":[]}"#), ok(r#"{"errcode":0,"msgid":8}"#)]).await;
    let (client, _) = client(&server.base, &ClientOptions::default());
    let target = client.send_target(&token());
    assert_eq!(client.send(&target, b"{}".to_vec()).await.result, Ok(Some(7)));
    // Whatever came before an answer on another connection has come: the end of the first one, too.
    client.tags(&token()).await.unwrap();
    assert_eq!(client.send(&target, b"{}".to_vec()).await.result, Ok(Some(8)));
    assert_eq!((server.seen().len(), server.connections()), (3, 3));
}

#[tokio::test]
async fn what_was_hung_up_is_connected_anew() {
    let server = Server::start([ok(r#"{"errcode":0}"#), ok(r#"{"errcode":0}"#)]).await;
    let (client, _) = client(&server.base, &ClientOptions::default());
    let target = client.send_target(&token());
    for _ in 0..2 {
        client.send(&target, b"{}".to_vec()).await.result.unwrap();
        client.hang_up();
    }
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn an_unknown_host_means_nothing_was_sent() {
    let (client, _) = client(&ApiBase::parse("https://nowhere.invalid").unwrap(), &ClientOptions::default());
    let error = client.send(&client.send_target(&token()), b"{}".to_vec()).await.result.unwrap_err();
    assert!(matches!(error, CallError::NotSent { why: NoConnection::NameNotFound, .. }), "{error}");
}

#[tokio::test]
async fn a_no_is_told_whatever_its_shape() {
    for (answer, errcode, errmsg) in [
        (
            ok(r#"{"errcode":43004,"errmsg":"require subscribe rid: 6385c6c1-0fcadca1-22c1fc91"}"#),
            43004,
            "require subscribe rid: 6385c6c1-0fcadca1-22c1fc91",
        ),
        (ok("{\"errcode\":\"40003\",\"errmsg\":\"invalid\x02openid\"}"), 40003, "invalid openid"),
        (ok(b"\xef\xbb\xbf{\"errcode\":-1,\"errmsg\":\"system \xff error\"}"), -1, "system \u{fffd} error"),
        (ok(format!(r#"{{"errcode":40001,"errmsg":"bad {TOKEN}!","msgid":-3}}"#)), 40001, "bad …!"),
        (http("500 Oops", "X-A: b", r#"{"errcode":45009,"errmsg":"reach max"}"#), 45009, "reach max"),
        (http("412 Precondition Failed", "X-A: b", r#"{"errcode":47001}"#), 47001, ""),
    ] {
        match send(answer).await.result {
            Err(CallError::Api(failure)) => assert_eq!((failure.errcode, failure.errmsg.as_str()), (errcode, errmsg)),
            other => panic!("{errcode}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn http_412_was_refused_unread() {
    for body in ["", "<html>no</html>"] {
        let reply = send(http("412 Precondition Failed", "X-A: b", body)).await;
        assert!(matches!(reply.result, Err(CallError::Refused { .. })), "{reply:?}");
        assert_eq!((reply.http_status, reply.raw().as_deref()), (Some(412), Some(body)));
    }
}

#[tokio::test]
async fn what_is_no_answer_leaves_doubt() {
    let html = "<html><body>502 Bad Gateway</body></html>";
    let reply = send(http("502 Bad Gateway", "Content-Type: text/html", html)).await;
    assert_eq!((doubt(&reply), reply.raw().as_deref()), (&Doubt::Status(502), Some(html)));

    assert_eq!(*doubt(&send(ok("")).await), Doubt::Empty);
    assert_eq!(*doubt(&send(ok(" \r\n")).await), Doubt::Empty);
    assert_eq!(*doubt(&send(http("504 Gateway Timeout", "X-A: b", "")).await), Doubt::Status(504));
    assert_eq!(*doubt(&send(http("503 Busy", "X-A: b", r#"{"errcode":0,"msgid":1}"#)).await), Doubt::Status(503));
    assert!(matches!(doubt(&send(ok("<xml>ok</xml>")).await), Doubt::Unreadable(_)));
    assert!(matches!(doubt(&send(ok(format!(r#"{{"errcode":"{TOKEN}"}}"#))).await), Doubt::Unreadable(_)));
    assert!(matches!(doubt(&send(Answer::BytesThenClose(Vec::new())).await), Doubt::Lost(_)));
    assert!(matches!(doubt(&send(Answer::Reset).await), Doubt::Lost(_)));
    assert!(matches!(doubt(&send(Answer::BytesThenClose(b"gibberish\r\n\r\n".to_vec())).await), Doubt::Lost(_)));
}

#[tokio::test]
async fn half_an_answer_is_kept_for_the_eye() {
    let half = format!("HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{{\"errcode\":0,\"echo\":\"{TOKEN}");
    let reply = send(Answer::BytesThenClose(half.into())).await;
    assert!(matches!(doubt(&reply), Doubt::Lost(_)));
    assert_eq!(reply.raw().as_deref(), Some(r#"{"errcode":0,"echo":"…"#));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::start([]).await;
    let location = format!("Location: {}/cgi-bin/message/template/send", elsewhere.base);
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let reply = send(http(status, &location, "")).await;
        assert!(matches!(doubt(&reply), Doubt::Status(301..=308)), "{reply:?}");
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test]
async fn silence_after_connecting_leaves_doubt() {
    let server = Server::start([Answer::Silence]).await;
    let options = ClientOptions { total_timeout: Duration::from_millis(50), ..ClientOptions::default() };
    let (client, records) = client(&server.base, &options);
    let reply = client.send(&client.send_target(&token()), b"{}".to_vec()).await;
    assert_eq!((doubt(&reply), reply.raw()), (&Doubt::TimedOut, None));
    assert_clean(&format!("{reply:?} {} {:?}", reply.result.as_ref().unwrap_err(), records.lock().unwrap()));
}

#[tokio::test]
async fn a_closed_port_means_nothing_was_sent() {
    // Bound and not listening: the port is ours, and closed.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = socket.local_addr().unwrap().port();
    let base = ApiBase::parse(&format!("http://127.0.0.1:{port}")).unwrap();
    let (client, records) = client(&base, &ClientOptions::default());
    let error = client.legacy_token(&appid(), &secret()).await.unwrap_err();
    let told = error.to_string();
    assert!(told.starts_with(&format!("nothing was sent to 127.0.0.1:{port}: ")) && told.contains("refused"), "{told}");
    let records = records.lock().unwrap();
    assert_eq!((records[0].http_status, records[0].errcode), (None, None));
    assert_eq!(records[0].detail.as_ref(), Some(&told));
    assert_clean(&format!("{error:?} {told} {records:?}"));
}

#[tokio::test]
async fn a_tls_handshake_that_never_ends_means_nothing_was_sent() {
    // The kernel accepts for a listener that does not.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let options = ClientOptions { connect_timeout: Duration::from_millis(50), ..ClientOptions::default() };
    let error = send_over_tls(&listener, &options).await;
    assert!(matches!(error, CallError::NotSent { why: NoConnection::TimedOut, .. }), "{error}");
}

#[tokio::test]
async fn a_tls_handshake_that_fails_means_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let options = ClientOptions::default();
    let speaks_http = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
    };
    let (error, ()) = tokio::join!(send_over_tls(&listener, &options), speaks_http);
    assert!(matches!(error, CallError::NotSent { why: NoConnection::Failed(_), .. }), "{error}");
}

async fn send_over_tls(listener: &TcpListener, options: &ClientOptions) -> CallError {
    let base = ApiBase::parse(&format!("https://{}", listener.local_addr().unwrap())).unwrap();
    // Without the system's certificates, which a machine for tests may lack.
    let client = Client::build(&base, options, Trust::Nobody, None).unwrap();
    client.send(&client.send_target(&token()), b"{}".to_vec()).await.result.unwrap_err()
}

#[tokio::test]
async fn tokens_are_asked_for_as_documented_and_the_secret_stays_inside() {
    let issued = r#"{"access_token":"91_new","expires_in":7200}"#;
    let no = format!(r#"{{"errcode":40125,"errmsg":"invalid appsecret {SECRET}"}}"#);
    let server = Server::start([ok(issued), ok(issued), ok(&no), ok(&no), ok(r#"{"errcode":0,"errmsg":"ok"}"#)]).await;
    let (client, records) = client(&server.base, &ClientOptions::default());
    assert_eq!(client.stable_token(&appid(), &secret(), true).await.unwrap().token.expose(), "91_new");
    assert_eq!(client.legacy_token(&appid(), &secret()).await.unwrap().expires_in, Duration::from_hours(2));
    let errors = [
        client.stable_token(&appid(), &secret(), false).await.unwrap_err(),
        client.legacy_token(&appid(), &secret()).await.unwrap_err(),
    ];
    client.clear_quota_v2(&appid(), &secret()).await.unwrap();

    let seen = server.seen();
    assert_eq!(seen[0].first_line(), "POST /cgi-bin/stable_token HTTP/1.1");
    assert_eq!(
        String::from_utf8_lossy(&seen[0].body),
        format!(r#"{{"grant_type":"client_credential","appid":"wx29e3b7bbdccf6f3b","secret":"{SECRET}","force_refresh":true}}"#)
    );
    let query = format!("grant_type=client_credential&appid=wx29e3b7bbdccf6f3b&secret={SECRET}");
    assert_eq!(seen[1].first_line(), format!("GET /cgi-bin/token?{query} HTTP/1.1"));
    assert_eq!((seen[1].header("content-length"), seen[1].header("transfer-encoding")), (None, None));
    assert_eq!(seen[4].first_line(), "POST /cgi-bin/clear_quota/v2 HTTP/1.1");
    let told = format!("{errors:?} {} {} {:?}", errors[0], errors[1], records.lock().unwrap());
    assert!(!told.contains("91_new") && !told.contains(SECRET), "{told}");
}

#[tokio::test]
async fn reads_ask_as_documented() {
    let page = r#"{"total":1,"count":1,"data":{"openid":["o2"]},"next_openid":"o2"}"#;
    let quota = r#"{"errcode":0,"quota":{"daily_limit":1}}"#;
    let answers =
        [page, page, page, page, r#"{"user_info_list":[]}"#, r#"{"template_list":[]}"#, quota, "{}", r#"{"errcode":0}"#];
    let server = Server::start(answers.map(ok)).await;
    let (client, _) = client(&server.base, &ClientOptions::default());
    let (token, o1) = (token(), OpenId::trusted("o1"));
    let next = client.users_page(&token, None).await.unwrap().next;
    assert_eq!(next, Some(OpenId::trusted("o2")));
    client.users_page(&token, next.as_ref()).await.unwrap();
    client.tag_members_page(&token, crate::domain::id::TagId(134), Some(&o1)).await.unwrap();
    client.blacklist_page(&token, None).await.unwrap();
    client.user_infos(&token, &[o1, OpenId::trusted("o2")]).await.unwrap();
    client.templates(&token).await.unwrap();
    client.quota(&token, crate::wechat::SEND_PATH).await.unwrap();
    client.industry(&token).await.unwrap();
    client.clear_quota(&token, &appid()).await.unwrap();

    assert_eq!(
        asked(&server),
        [
            "GET /cgi-bin/user/get",
            "GET /cgi-bin/user/get&next_openid=o2",
            r#"POST /cgi-bin/user/tag/get {"tagid":134,"next_openid":"o1"}"#,
            r#"POST /cgi-bin/tags/members/getblacklist {"begin_openid":""}"#,
            r#"POST /cgi-bin/user/info/batchget {"user_list":[{"openid":"o1"},{"openid":"o2"}]}"#,
            "GET /cgi-bin/template/get_all_private_template",
            r#"POST /cgi-bin/openapi/quota/get {"cgi_path":"/cgi-bin/message/template/send"}"#,
            "GET /cgi-bin/template/get_industry",
            r#"POST /cgi-bin/clear_quota {"appid":"wx29e3b7bbdccf6f3b"}"#,
        ]
    );
}

#[tokio::test]
async fn writes_ask_as_documented() {
    let ok_times = |n| std::iter::repeat_n(r#"{"errcode":0,"errmsg":"ok"}"#, n);
    let made =
        [r#"{"tag":{"id":134,"name":"广东"}}"#, r#"{"errcode":0,"template_id":"Doc"}"#, r#"{"errcode":0,"template_id":"Doc"}"#];
    let server = Server::start(made.into_iter().chain(ok_times(9)).map(ok)).await;
    let (client, _) = client(&server.base, &ClientOptions::default());
    let (token, users) = (token(), [OpenId::trusted("o1"), OpenId::trusted("o2")]);
    let tag = client.create_tag(&token, "广东").await.unwrap();
    let template = client.add_template(&token, "47123", &["时间".into(), "金额".into()]).await.unwrap();
    client.add_template(&token, "TM001", &[]).await.unwrap();
    client.rename_tag(&token, tag, "广东人").await.unwrap();
    client.delete_tag(&token, tag).await.unwrap();
    client.assign_tag(&token, tag, &users).await.unwrap();
    client.unassign_tag(&token, tag, &users).await.unwrap();
    client.set_remark(&token, &users[0], "老客户").await.unwrap();
    client.block(&token, &users).await.unwrap();
    client.unblock(&token, &users).await.unwrap();
    client.delete_template(&token, &template).await.unwrap();
    client.set_industry(&token, 1, 41).await.unwrap();
    assert_eq!(
        asked(&server),
        [
            r#"POST /cgi-bin/tags/create {"tag":{"name":"广东"}}"#,
            r#"POST /cgi-bin/template/api_add_template {"template_id_short":"47123","keyword_name_list":["时间","金额"]}"#,
            r#"POST /cgi-bin/template/api_add_template {"template_id_short":"TM001"}"#,
            r#"POST /cgi-bin/tags/update {"tag":{"id":134,"name":"广东人"}}"#,
            r#"POST /cgi-bin/tags/delete {"tag":{"id":134}}"#,
            r#"POST /cgi-bin/tags/members/batchtagging {"openid_list":["o1","o2"],"tagid":134}"#,
            r#"POST /cgi-bin/tags/members/batchuntagging {"openid_list":["o1","o2"],"tagid":134}"#,
            r#"POST /cgi-bin/user/info/updateremark {"openid":"o1","remark":"老客户"}"#,
            r#"POST /cgi-bin/tags/members/batchblacklist {"openid_list":["o1","o2"]}"#,
            r#"POST /cgi-bin/tags/members/batchunblacklist {"openid_list":["o1","o2"]}"#,
            r#"POST /cgi-bin/template/del_private_template {"template_id":"Doc"}"#,
            r#"POST /cgi-bin/template/api_set_industry {"industry_id1":"1","industry_id2":"41"}"#,
        ]
    );
}

/// Method, path, query without the token, body of every request.
fn asked(server: &Server) -> Vec<String> {
    let line = |seen: &Seen| {
        let first = seen.first_line().replace(&format!("?access_token={TOKEN}"), "").replace(" HTTP/1.1", "");
        format!("{first} {}", String::from_utf8_lossy(&seen.body)).trim_end().to_owned()
    };
    server.seen().iter().map(line).collect()
}

#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let length = super::super::client::MAX_REPLY + 1;
    let mut bytes = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n").into_bytes();
    bytes.resize(bytes.len() + length, b' ');
    let server = Server::start([Answer::Bytes(bytes)]).await;
    let (client, _) = client(&server.base, &ClientOptions::default());
    let error = client.templates(&token()).await.unwrap_err();
    assert!(matches!(error, CallError::Ambiguous { why: Doubt::TooLong, .. }), "{error}");
}
