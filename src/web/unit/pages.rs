//! The page's templates, embedded and escaped, and the answers made from them.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context, escape_formatter};
use serde::Serialize;
use tracing::error;

use crate::domain::text::is_hidden;
use crate::web::Desk;
use crate::words::clean;

const TEMPLATES: [(&str, &str); 8] = [
    ("frame.html", include_str!("templates/frame.html.jinja")),
    ("form.html", include_str!("templates/form.html.jinja")),
    ("matter.html", include_str!("templates/matter.html.jinja")),
    ("told.html", include_str!("templates/told.html.jinja")),
    ("preview.html", include_str!("templates/preview.html.jinja")),
    ("receipt.html", include_str!("templates/receipt.html.jinja")),
    ("paper.html", include_str!("templates/paper.html.jinja")),
    ("closed.html", include_str!("templates/closed.html.jinja")),
];

/// Hand-written; the only style there is.
pub(super) const STYLE: &str = include_str!("page.css");
/// Makes the page a little handier; nothing needs it.
pub(super) const SCRIPT: &str = include_str!("page.js");

/// Why there is no page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closed {
    /// no token of ours, or of a letter that is not there
    Unknown,
    /// its last day is over
    Expired,
    /// the office has revoked it
    Revoked,
    /// asked too often
    TooOften,
    /// a form sent from somewhere else
    Foreign,
    /// no such page, or it can't be asked so
    NoPage,
    /// the form was too large to be read to its end; what was read of it is kept
    TooLarge,
    /// what was sent is no form
    NoForm,
    /// a field's or file's name is longer than any; what came before it is kept
    LongName,
    /// so many forms are under way that no more is taken
    TooMany,
    /// the form did not come to its end; what came of it is kept
    Cut,
    /// the unit's draft would be larger than any is kept; what was kept before stays
    DraftFull,
    /// decisions are held, or the daemon is stopping
    NotNow,
    /// a fault of ours
    Fault,
}

#[derive(Serialize)]
struct ClosedView {
    title: &'static str,
    words: &'static str,
    office: String,
    contact: String,
    phone: String,
}

impl Closed {
    fn told(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Unknown => (
                StatusCode::NOT_FOUND,
                "链接无效",
                "请核对链接是否完整，或从最近一封督办邮件中重新打开。也可以填写邮件所附《反馈表》，直接回复邮件。",
            ),
            Self::Expired => (
                StatusCode::GONE,
                "链接已过期",
                "请从最近一封督办邮件中打开新的链接。也可以填写邮件所附《反馈表》，直接回复邮件。此前报送的内容和存过的草稿都在；刚刚提交的没有受理，可返回上一页留存文字。",
            ),
            Self::Revoked => (
                StatusCode::GONE,
                "链接已停用",
                "发件单位已停用此前发出的链接。请从之后收到的督办邮件中打开，或与发件单位联系。此前报送的内容和存过的草稿都在；刚刚提交的没有受理，可返回上一页留存文字。",
            ),
            Self::TooOften => {
                (StatusCode::TOO_MANY_REQUESTS, "操作过于频繁", "请一分钟后再试。已保存的草稿不受影响。")
            }
            Self::Foreign => (
                StatusCode::FORBIDDEN,
                "未受理",
                "这份表单不是从本页面提交的，没有受理。请从督办邮件中重新打开链接。",
            ),
            Self::NoPage => (StatusCode::NOT_FOUND, "没有这个页面", "请从督办邮件中重新打开链接。"),
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "提交的内容过大",
                "已读到的内容已存入草稿，其余未接收。请重新打开链接核对，材料分次添加。",
            ),
            Self::NoForm => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "未受理",
                "这次提交的内容不是本页面的表单，没有受理，草稿没有改动。请从督办邮件中重新打开链接填报。",
            ),
            Self::LongName => (
                StatusCode::BAD_REQUEST,
                "文件名过长",
                "表单中有过长的文件名，此前的内容已存入草稿，其后的没有接收。请把文件名改短，重新打开链接核对后再提交。",
            ),
            Self::TooMany => (
                StatusCode::TOO_MANY_REQUESTS,
                "同时提交的太多",
                "正在接收的表单太多，这一份没有受理。请稍等片刻，返回上一页再次提交；已保存的草稿不受影响。",
            ),
            Self::Cut => (
                StatusCode::BAD_REQUEST,
                "提交没有传完",
                "已收到的内容已存入草稿，其余没有收到。请重新打开链接核对，补齐后再提交；材料较大或网络较慢的，请分次添加。",
            ),
            Self::DraftFull => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "草稿过大",
                "你单位的草稿合计超过4MB，刚刚填的没有保存，此前存过的草稿还在。请返回上一页留存文字，先提交已填好的事项，再填其他事项。",
            ),
            Self::NotNow => (
                StatusCode::SERVICE_UNAVAILABLE,
                "暂时不能受理",
                "系统正在维护或核对时间，尚未受理。所填内容已存入草稿，请稍后重新打开链接提交；时间紧的，请电话联系发件单位。",
            ),
            Self::Fault => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "系统出错",
                "请稍后重新打开链接。已保存的草稿不受影响；时间紧的，请电话联系发件单位。",
            ),
        }
    }
}

/// The compiled templates.
#[derive(Debug)]
pub(super) struct Pages(Environment<'static>);

impl Pages {
    /// Compiles them.
    pub(super) fn embedded() -> Result<Self, minijinja::Error> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        // What a unit typed is kept as it is; shown is only what can't turn the reading direction.
        environment.set_formatter(|out, state, value| match value.as_str() {
            Some(text) if text.contains(is_hidden) => {
                let shown: String = text.chars().filter(|c| !is_hidden(*c)).collect();
                let safe = value.is_safe();
                escape_formatter(
                    out,
                    state,
                    &if safe { Value::from_safe_string(shown) } else { shown.into() },
                )
            }
            _ => escape_formatter(out, state, value),
        });
        for (name, source) in TEMPLATES {
            environment.add_template(name, source)?;
        }
        Ok(Self(environment))
    }

    /// A page of this template.
    pub(super) fn page(
        &self,
        desk: &Desk,
        status: StatusCode,
        name: &str,
        view: &impl Serialize,
    ) -> Response {
        let rendered = self
            .0
            .get_template(name)
            .and_then(|template| template.render(context! { page => Value::from(Serde(view)) }));
        match rendered {
            Ok(text) => html(status, text),
            Err(fault) => {
                error!(page = name, cause = %fault, "a page can't be written");
                self.closed(desk, Closed::Fault)
            }
        }
    }

    /// Why there is none, and whom to call.
    pub(super) fn closed(&self, desk: &Desk, why: Closed) -> Response {
        let (status, title, words) = why.told();
        let (office, contact, phone) = {
            let ledger = desk.planner.ledger().read();
            let office = ledger.office();
            let of = |text: fn(&crate::domain::Office) -> &String| {
                office.map(|office| clean(text(office))).unwrap_or_default()
            };
            (of(|office| &office.name), of(|office| &office.contact), of(|office| &office.phone))
        };
        let view = ClosedView { title, words, office, contact, phone };
        let rendered = self
            .0
            .get_template("closed.html")
            .and_then(|template| template.render(context! { page => Value::from(Serde(&view)) }));
        let mut response = html(status, rendered.unwrap_or_else(|_| format!("{title}\n{words}")));
        if status == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
        }
        response
    }
}

fn html(status: StatusCode, text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
