//! What a unit's name says by itself: what it is, what lists call it, where it stands in them, and an id for it. All of
//! it is only proposed; whoever enters the unit may say otherwise.

use pinyin::ToPinyin as _;

use super::id::{SLUG_BYTES_MAX, UnitId};
use super::unit::{Unit, UnitKind};

/// What stands behind the name of a township's place.
const OF_TOWNSHIPS: [&str; 4] = ["街道", "乡", "镇", "苏木"];
/// What a township's government is called behind it.
const GOVERNMENTS: [&str; 3] = ["人民政府", "政府", "办事处"];

/// What kind of body has such a name.
#[must_use]
pub fn kind(name: &str) -> UnitKind {
    let place = without_government(name);
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    if name.starts_with('各') {
        UnitKind::Collective
    } else if OF_TOWNSHIPS.iter().any(|end| place.ends_with(end)) {
        UnitKind::Township
    } else if ends(&["县人民政府", "县政府", "市人民政府", "区人民政府"]) {
        UnitKind::Government
    } else if ends(&["管委会", "管理委员会", "开发区", "园区"]) {
        UnitKind::Zone
    } else if ends(&["公司", "集团", "厂"]) {
        UnitKind::Company
    } else {
        UnitKind::Bureau
    }
}

/// A unit of that name as far as the name says it: no name that is another's is proposed, and an id that is free.
#[must_use]
pub fn proposed(
    name: &str,
    is_taken: impl Fn(&str) -> bool,
    is_free: impl Fn(&UnitId) -> bool,
) -> Option<Unit> {
    let mut unit = named(id(name, is_free)?, name);
    if is_taken(&unit.short) {
        name.clone_into(&mut unit.short);
        unit.sort_key = pinyin(name);
    }
    unit.aliases = full(&unit.short).filter(|full| *full != name && !is_taken(full)).into_iter().collect();
    Some(unit)
}

/// A unit of that id and name, as far as the name says it.
#[must_use]
pub fn named(id: UnitId, name: &str) -> Unit {
    let short = short(name);
    Unit {
        id,
        name: name.to_owned(),
        aliases: Vec::new(),
        kind: kind(name),
        mailbox: None,
        sort_key: pinyin(&short),
        short,
        members: Vec::new(),
        muted: false,
        leader: None,
    }
}

/// A township as documents print it, by its place.
fn full(place: &str) -> Option<String> {
    let end = OF_TOWNSHIPS.iter().find(|end| place.ends_with(*end))?;
    let government = if *end == "街道" { "办事处" } else { "人民政府" };
    Some(format!("{place}{government}"))
}

/// What lists call it: a township by its place, others by their name.
#[must_use]
pub fn short(name: &str) -> String {
    match kind(name) {
        UnitKind::Township => without_government(name).to_owned(),
        UnitKind::Bureau
        | UnitKind::Zone
        | UnitKind::Company
        | UnitKind::Government
        | UnitKind::Collective => name.to_owned(),
    }
}

fn without_government(name: &str) -> &str {
    let place = GOVERNMENTS.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    // 县政府 is the county's own.
    if OF_TOWNSHIPS.iter().any(|end| place.ends_with(end)) { place } else { name }
}

/// Pinyin without tones, letters and digits as they are, nothing else: 县住建局 → `xianzhujianju`.
#[must_use]
pub fn pinyin(text: &str) -> String {
    text.chars()
        .map(|c| match c.to_pinyin() {
            Some(syllable) => syllable.plain().replace('ü', "v"),
            None if c.is_ascii_alphanumeric() => c.to_ascii_lowercase().to_string(),
            None => String::new(),
        })
        .collect()
}

/// An id that is free: a township's place, another's name without its county.
#[must_use]
pub fn id(name: &str, is_free: impl Fn(&UnitId) -> bool) -> Option<UnitId> {
    let short = short(name);
    let place = OF_TOWNSHIPS
        .iter()
        .find_map(|end| short.strip_suffix(end))
        .filter(|_| kind(name) == UnitKind::Township);
    let plain = match place {
        Some(place) => place,
        None => of_the_county(&short),
    };
    let numbered = (2..=99).map(|number| format!("{}-{number}", pinyin(plain)));
    let mut ways = [pinyin(plain), pinyin(&short), pinyin(name)].into_iter().chain(numbered);
    ways.find_map(|way| UnitId::parse(cut(&way)).ok().filter(|id| is_free(id)))
}

fn cut(text: &str) -> &str {
    text.get(..SLUG_BYTES_MAX).unwrap_or(text)
}

/// `县水务局`, `阳城县水务局` → `水务局`; 县委 and 县政府 keep theirs.
fn of_the_county(name: &str) -> &str {
    let rest = ['县', '市', '区'].iter().filter_map(|mark| name.split_once(*mark)).find(|(before, rest)| {
        before.chars().count() <= 3 && !rest.starts_with(['委', '政', '人']) && rest.chars().count() >= 3
    });
    rest.map_or(name, |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_a_unit_is_and_what_it_may_be_called() {
        for (name, is, short_name, named) in [
            ("西河乡人民政府", UnitKind::Township, "西河乡", "xihe"),
            ("蟒河镇人民政府", UnitKind::Township, "蟒河镇", "manghe"),
            ("东城街道办事处", UnitKind::Township, "东城街道", "dongcheng"),
            ("芹池镇", UnitKind::Township, "芹池镇", "qinchi"),
            ("县应急管理局", UnitKind::Bureau, "县应急管理局", "yingjiguanliju"),
            ("阳城县教育局", UnitKind::Bureau, "阳城县教育局", "jiaoyuju"),
            ("县委宣传部", UnitKind::Bureau, "县委宣传部", "xianweixuanchuanbu"),
            ("县人民政府", UnitKind::Government, "县人民政府", "xianrenminzhengfu"),
            ("县政府", UnitKind::Government, "县政府", "xianzhengfu"),
            ("高新技术产业园区", UnitKind::Zone, "高新技术产业园区", "gaoxinjishuchanyeyuanqu"),
            ("县自来水公司", UnitKind::Company, "县自来水公司", "zilaishuigongsi"),
            ("各社区", UnitKind::Collective, "各社区", "geshequ"),
            ("120急救中心", UnitKind::Bureau, "120急救中心", "120jijiuzhongxin"),
        ] {
            assert_eq!((kind(name), short(name).as_str()), (is, short_name), "{name}");
            assert_eq!(id(name, |_| true).unwrap().as_str(), named, "{name}");
        }
    }

    #[test]
    fn a_township_is_known_by_its_place_and_by_its_government() {
        let names = |name: &str| {
            let unit = proposed(name, |taken| taken == "北留镇", |_| true).unwrap();
            unit.spellings().cloned().collect::<Vec<_>>()
        };
        assert_eq!(names("西河乡"), ["西河乡", "西河乡", "西河乡人民政府"]);
        assert_eq!(names("西河乡人民政府"), ["西河乡人民政府", "西河乡"]);
        assert_eq!(names("东城街道"), ["东城街道", "东城街道", "东城街道办事处"]);
        assert_eq!(
            names("北留镇人民政府"),
            ["北留镇人民政府", "北留镇人民政府"],
            "another's is not proposed"
        );
        assert_eq!(names("县应急管理局"), ["县应急管理局", "县应急管理局"]);
    }

    #[test]
    fn an_id_that_is_taken_is_proposed_to_nobody_else() {
        let taken = |all: &'static [&str]| move |id: &UnitId| !all.contains(&id.as_str());
        let named = |all| id("西河乡人民政府", taken(all)).unwrap().to_string();
        assert_eq!(named(&["xihe"]), "xihexiang");
        assert_eq!(named(&["xihe", "xihexiang", "xihexiangrenminzhengfu"]), "xihe-2");
        assert_eq!(pinyin("吕梁市绿化所"), "lvliangshilvhuasuo");
        assert_eq!(id("——", |_| true), None);
    }
}
