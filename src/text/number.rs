//! Numbers, durations and times as people read them.

use crate::domain::lang::Lang;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::time::Duration;

/// `1203441` as `1 203 441`: blanks are read the same in both languages.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// How many a second, as it was measured: whole numbers, one decimal below ten.
pub fn rate(per_second: f64, lang: Lang) -> String {
    let number = match per_second {
        0.0..9.95 if per_second > 0.0 => format!("{per_second:.1}"),
        _ => thousands(per_second.round() as u64),
    };
    each_second(&number, lang)
}

/// How many a second, as it was asked for.
pub fn per_second(count: u32, lang: Lang) -> String {
    each_second(&thousands(u64::from(count)), lang)
}

fn each_second(number: &str, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{number}/s"),
        Lang::Zh => format!("{number}/秒"),
    }
}

/// How long a call took.
pub fn milliseconds(millis: u64, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{} ms", thousands(millis)),
        Lang::Zh => format!("{} 毫秒", thousands(millis)),
    }
}

/// The two largest units of a duration, rounded up to a second.
pub fn duration(time: Duration, lang: Lang) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    let [day, hour, minute, second] = match lang {
        Lang::En => ["d", "h", "min", "s"],
        Lang::Zh => ["天", "小时", "分", "秒"],
    };
    let (large, small) = match seconds {
        0..60 => return format!("{seconds} {second}"),
        60..3600 => ((seconds / 60, minute), (seconds % 60, second)),
        3600..86400 => ((seconds / 3600, hour), (seconds / 60 % 60, minute)),
        _ => ((seconds / 86400, day), (seconds / 3600 % 24, hour)),
    };
    match small.0 {
        0 => format!("{} {}", large.0, large.1),
        _ => format!("{} {} {} {}", large.0, large.1, small.0, small.1),
    }
}

/// `15:52`.
pub fn clock(time: Timestamp, zone: &TimeZone) -> String {
    time.to_zoned(zone.clone()).strftime("%H:%M").to_string()
}

/// `11-23 15:52`: enough for what happened in the last months.
pub fn day_and_clock(time: Timestamp, zone: &TimeZone) -> String {
    time.to_zoned(zone.clone()).strftime("%m-%d %H:%M").to_string()
}

/// `2026-11-23 15:52:07`.
pub fn date_time(time: Timestamp, zone: &TimeZone) -> String {
    time.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1 000"), (1_203_441, "1 203 441"), (12_345, "12 345")] {
            assert_eq!(thousands(number), text);
        }
    }

    #[test]
    fn rates_have_a_decimal_only_where_it_tells_something() {
        let rates = [0.0, 0.25, 9.9, 9.96, 49.4, 1234.5];
        assert_eq!(rates.map(|each| rate(each, Lang::En)), ["0/s", "0.2/s", "9.9/s", "10/s", "49/s", "1 235/s"]);
        assert_eq!(rates.map(|each| rate(each, Lang::Zh)), ["0/秒", "0.2/秒", "9.9/秒", "10/秒", "49/秒", "1 235/秒"]);
        assert_eq!([Lang::En, Lang::Zh].map(|lang| per_second(1000, lang)), ["1 000/s", "1 000/秒"]);
        assert_eq!([Lang::En, Lang::Zh].map(|lang| milliseconds(1230, lang)), ["1 230 ms", "1 230 毫秒"]);
    }

    #[test]
    fn durations_show_two_units() {
        for (seconds, en, zh) in [
            (0, "0 s", "0 秒"),
            (59, "59 s", "59 秒"),
            (60, "1 min", "1 分"),
            (80, "1 min 20 s", "1 分 20 秒"),
            (7500, "2 h 5 min", "2 小时 5 分"),
            (90_000, "1 d 1 h", "1 天 1 小时"),
        ] {
            assert_eq!(duration(Duration::from_secs(seconds), Lang::En), en);
            assert_eq!(duration(Duration::from_secs(seconds), Lang::Zh), zh);
        }
        assert_eq!(duration(Duration::from_millis(200), Lang::En), "1 s");
    }

    #[test]
    fn times_are_told_in_the_given_zone() {
        let time: Timestamp = "2026-11-23T07:52:07Z".parse().unwrap();
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        assert_eq!(clock(time, &zone), "15:52");
        assert_eq!(day_and_clock(time, &zone), "11-23 15:52");
        assert_eq!(date_time(time, &zone), "2026-11-23 15:52:07");
    }
}
