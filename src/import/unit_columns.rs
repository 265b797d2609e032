//! The columns of a list of units, by the names that offices give them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::book::{Cell, Sheet};
use super::column::{bare, without_brackets};
use super::fold::{folded, one_line};
use super::header::ROWS_SEARCHED;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitColumn {
    /// 单位名称
    Name,
    /// 简称
    Short,
    /// 别名
    Aliases,
    /// 简称/别名: what lists call it, then its other names
    Names,
    /// 单位类型
    Kind,
    /// 单位编号
    Id,
    /// 邮箱
    Mailbox,
    /// 联系人
    Contact,
    /// 职务
    Post,
    /// 联系电话
    Phone,
    /// 联系人及电话
    ContactAndPhone,
    /// 所属统称
    MemberOf,
}

/// Names as they stand after folding; the first of each is the one that is proposed.
const NAMES: [(UnitColumn, &[&str]); 12] = [
    (
        UnitColumn::Name,
        &[
            "单位名称",
            "单位",
            "名称",
            "全称",
            "单位全称",
            "责任单位",
            "责任单位名称",
            "部门",
            "部门名称",
            "机构名称",
            "乡镇",
            "乡镇名称",
            "乡(镇)",
            "部门(单位)",
            "单位(部门)",
            "部门单位",
            "成员单位",
        ],
    ),
    (UnitColumn::Short, &["简称", "单位简称"]),
    (UnitColumn::Aliases, &["别名", "其他名称", "又称", "曾用名", "其他写法", "别称"]),
    (UnitColumn::Names, &["简称/别名", "简称、别名", "简称(别名)", "简称及别名", "简称和别名"]),
    (UnitColumn::Kind, &["单位类型", "类型", "类别", "单位类别", "单位性质", "性质"]),
    (UnitColumn::Id, &["单位编号", "单位代码", "代码", "英文编号", "英文名", "id"]),
    (
        UnitColumn::Mailbox,
        &[
            "邮箱",
            "电子邮箱",
            "单位邮箱",
            "公用邮箱",
            "邮箱地址",
            "电子邮件",
            "公务邮箱",
            "email",
            "e-mail",
            "mail",
        ],
    ),
    (UnitColumn::Contact, &["联系人", "联络员", "经办人", "联系人姓名", "联络员姓名", "姓名"]),
    (UnitColumn::Post, &["职务", "联系人职务", "联络员职务"]),
    (
        UnitColumn::Phone,
        &[
            "联系电话",
            "电话",
            "手机",
            "手机号",
            "手机号码",
            "办公电话",
            "联系方式",
            "联系人电话",
            "联络员电话",
            "电话号码",
            "值班电话",
        ],
    ),
    (
        UnitColumn::ContactAndPhone,
        &[
            "联系人及电话",
            "联络员及电话",
            "联系人及联系电话",
            "联络员及联系电话",
            "联系人及联系方式",
            "联系人、电话",
            "联系人/电话",
        ],
    ),
    (UnitColumn::MemberOf, &["所属统称", "统称", "归入", "归入统称", "所属集合"]),
];

impl UnitColumn {
    /// The name that is proposed for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        let names = NAMES.iter().find(|(column, _)| *column == self);
        names.and_then(|(_, names)| names.first().copied()).unwrap_or_default()
    }

    /// The column of this name. Marks, numbering and what stands in brackets don't matter.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let whole = bare(&folded(name));
        let outside = bare(&without_brackets(&whole));
        [whole, outside].iter().filter(|text| !text.is_empty()).find_map(|text| {
            NAMES
                .iter()
                .find(|(_, names)| names.iter().any(|name| folded(name) == *text))
                .map(|(column, _)| *column)
        })
    }
}

/// The row of column names.
pub(super) struct Header {
    pub row: u32,
    pub columns: BTreeMap<UnitColumn, (u32, String)>,
    pub unread: Vec<(u32, String)>,
}

impl Header {
    /// The first of those with most columns that are known, the names of units among them.
    pub(super) fn of(sheet: &Sheet) -> Option<Self> {
        let mut best: Option<Self> = None;
        for (row, cells) in sheet.rows.iter().take(ROWS_SEARCHED) {
            let header = Self::in_row(*row, cells);
            let better = best.as_ref().is_none_or(|best| header.columns.len() > best.columns.len());
            if better && header.columns.contains_key(&UnitColumn::Name) {
                best = Some(header);
            }
        }
        best
    }

    fn in_row(row: u32, cells: &[Cell]) -> Self {
        let mut header = Self { row, columns: BTreeMap::new(), unread: Vec::new() };
        for (place, cell) in (0..).zip(cells) {
            let Cell::Text(text) = cell else { continue };
            let text = one_line(text);
            match UnitColumn::named(&text) {
                Some(column) if !header.columns.contains_key(&column) => {
                    header.columns.insert(column, (place, text));
                }
                Some(_) | None => header.unread.push((place, text)),
            }
        }
        header
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_to_two_columns_and_clerks_names_lead_to_one() {
        let mut seen: BTreeMap<String, UnitColumn> = BTreeMap::new();
        for (column, names) in NAMES {
            for name in names {
                assert_eq!(seen.insert(folded(name), column), None, "{name}");
            }
        }
        for (name, column) in [
            ("单 位", Some(UnitColumn::Name)),
            ("单位名称（全称）", Some(UnitColumn::Name)),
            ("*电子邮箱", Some(UnitColumn::Mailbox)),
            ("E-mail", Some(UnitColumn::Mailbox)),
            ("简称／别名", Some(UnitColumn::Names)),
            ("联系电话：", Some(UnitColumn::Phone)),
            ("乡（镇）", Some(UnitColumn::Name)),
            ("序号", None),
            ("分管领导", None),
        ] {
            assert_eq!(UnitColumn::named(name), column, "{name}");
        }
    }
}
