//! A request as a command for a terminal, to be tried or shown by hand.

use super::api_base::ApiBase;

/// A POST of `body` as one line for a POSIX shell. The token is left to `$ACCESS_TOKEN`: it is not ours to hand on.
pub fn post(base: &ApiBase, path: &str, body: &str) -> String {
    let url = quoted(&format!("{base}{path}?access_token="));
    format!("curl {url}\"$ACCESS_TOKEN\" -H 'Content-Type: application/json' --data-raw {}", quoted(body))
}

/// A text that the shell takes as it is, whatever is in it.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    const PATH: &str = "/cgi-bin/message/template/send";

    /// The arguments that a shell would give to curl.
    fn arguments(command: &str) -> Vec<String> {
        let script = format!("curl() {{ for argument do printf '%s\\0' \"$argument\"; done; }}\nACCESS_TOKEN=TOKEN\n{command}");
        let output = Command::new("sh").args(["-c", &script]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        text.split_terminator('\0').map(str::to_owned).collect()
    }

    #[test]
    fn the_command_is_as_people_write_it() {
        let command = post(&ApiBase::default(), PATH, r#"{"touser":"o1"}"#);
        assert_eq!(
            command,
            "curl 'https://api.weixin.qq.com/cgi-bin/message/template/send?access_token='\"$ACCESS_TOKEN\" \
             -H 'Content-Type: application/json' --data-raw '{\"touser\":\"o1\"}'"
        );
    }

    #[test]
    fn a_shell_gives_curl_every_byte_of_the_body() {
        for value in [
            "手冲咖啡壶 ￥12.50",
            "it's",
            "''",
            r"\' \\ \n",
            "$HOME `id` $(id) ${x} !! *",
            "a\"b",
            "-d @/etc/passwd",
            "a\nb\tc",
            "'",
        ] {
            let body = serde_json::json!({ "touser": "o1", "data": { "thing1": { "value": value } } }).to_string();
            for base in
                ["https://api.weixin.qq.com", "https://sh.api.weixin.qq.com", "http://127.0.0.1:8080", "https://a'$(id)`b"]
            {
                let base = ApiBase::parse(base).unwrap();
                let url = format!("{base}{PATH}?access_token=TOKEN");
                let expected = [url.as_str(), "-H", "Content-Type: application/json", "--data-raw", &body];
                assert_eq!(arguments(&post(&base, PATH, &body)), expected);
            }
        }
    }
}
