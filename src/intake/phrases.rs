//! How mail systems say in words that a letter did not arrive, or not yet, and how a machine answers for a person.
//! Collected from the reports of postfix, sendmail, Exim, qmail, Courier, Exchange, Domino, Gmail, QQ, 163, Coremail.

/// A letter did not arrive.
const FAILED: [&str; 118] = [
    "undeliver",
    "not be delivered",
    "n't be delivered",
    "not delivered",
    "n't delivered",
    "not been delivered",
    "not deliver",
    "unable to deliver",
    "n't able to deliver",
    "not able to deliver",
    "n't deliver",
    "delivery failed",
    "delivery failure",
    "delivery has failed",
    "delivery to the following",
    "failed permanently",
    "failure notice",
    "failed to deliver",
    "delivery status notification (failure)",
    "returned mail",
    "returned to sender",
    "returning message to sender",
    "returned to you",
    "did not reach",
    "non-delivery",
    "nondeliver",
    "delivery error",
    "delivery problem",
    "permanent error",
    "fatal error",
    "given up",
    "user unknown",
    "unknown user",
    "unknown address",
    "unknown recipient",
    "no such user",
    "user not found",
    "not listed in",
    "mailbox not found",
    "mailbox unavailable",
    "mailbox is full",
    "mailbox full",
    "quota exceeded",
    "over quota",
    "does not exist",
    "doesn't exist",
    "address rejected",
    "recipient rejected",
    "message was rejected",
    "message has been rejected",
    "message was blocked",
    "had errors",
    "unsuccessful",
    "退信",
    "被退回",
    "退件",
    "未送达",
    "未能送达",
    "无法送达",
    "不能送达",
    "没有送达",
    "送达失败",
    "未传递",
    "无法传递",
    "未能传递",
    "传递失败",
    "无法投递",
    "未能投递",
    "投递失败",
    "投递不成功",
    "发送失败",
    "发送不成功",
    "无法发送",
    "未发送成功",
    "未能发送",
    "没有到达",
    "未到达",
    "拒收",
    "被拒绝",
    "不存在",
    "已满",
    "空间不足",
    "超出配额",
    "无法寄达",
    "無法送達",
    "未送達",
    "無法傳遞",
    "未傳遞",
    "無法投遞",
    "投遞失敗",
    "傳送失敗",
    "寄送失敗",
    "無法寄達",
    "配信でき",
    "配送でき",
    "送信できません",
    "届けることができ",
    "お届けでき",
    "전송 실패",
    "배달되지",
    "반송",
    "недоставлен",
    "не доставлен",
    "не может быть доставлен",
    "не удалось доставить",
    "unzustellbar",
    "nicht zugestellt",
    "non remis",
    "pas pu être",
    "échec de la remise",
    "no se pudo entregar",
    "no se puede entregar",
    "no se ha podido",
    "impossibile recapitare",
    "mancato recapito",
    "não entregue",
    "não foi possível",
    "teslim edilemedi",
];
/// The system goes on trying.
const DELAYED: [&str; 22] = [
    "(delay)",
    "will continue",
    "will keep trying",
    "still being retried",
    "will be retried",
    "will be tried again",
    "still trying",
    "keep trying",
    "not yet been delivered",
    "try to deliver it again",
    "will try again",
    "could not send message for past",
    "继续尝试",
    "继续投递",
    "继续重试",
    "稍后重试",
    "自动重试",
    "正在重试",
    "仍在尝试",
    "暂未送达",
    "繼續嘗試",
    "再送を試み",
];
/// It does not, whatever else is said.
const FINAL: [&str; 14] = [
    "permanent",
    "given up",
    "giving up",
    "not going to try again",
    "will not be retried",
    "too long",
    "expired",
    "last attempt",
    "永久",
    "放弃",
    "不再尝试",
    "不再重试",
    "停止投递",
    "过期",
];
/// How the subject of a report begins.
const REPORT_SUBJECTS: [&str; 34] = [
    "undeliver",
    "delivery status notification",
    "delivery failure",
    "delivery failed",
    "delivery report",
    "delivery notification",
    "delivery unsuccessful",
    "mail delivery",
    "mail system error",
    "message delivery",
    "returned mail",
    "failure notice",
    "failed mail",
    "mail failure",
    "nondeliver",
    "non-deliver",
    "message undeliver",
    "message status",
    "未送达",
    "未传递",
    "无法送达",
    "无法投递",
    "系统退信",
    "退信",
    "投递失败",
    "邮件投递失败",
    "发送失败",
    "邮件被退回",
    "邮件退回",
    "[退信",
    "【退信",
    "未送達",
    "無法傳遞",
    "unzustellbar",
];
/// How the display name of a mail system reads.
const SYSTEM_NAMES: [&str; 17] = [
    "mail delivery",
    "mailer-daemon",
    "mailer daemon",
    "postmaster",
    "mail system",
    "delivery system",
    "delivery subsystem",
    "mail administrator",
    "system administrator",
    "microsoft outlook",
    "microsoft exchange",
    "系统管理员",
    "邮件系统",
    "系统退信",
    "退信",
    "邮件管理员",
    "邮局管理员",
];
/// How the address of a mail system begins.
const SYSTEM_ADDRESSES: [&str; 8] = [
    "mailer-daemon",
    "mailerdaemon",
    "mail-daemon",
    "maildaemon",
    "mail.daemon",
    "postmaster",
    "mdaemon",
    "microsoftexchange",
];
/// How the subject of an automatic answer begins.
const AUTOMATIC_SUBJECTS: [&str; 28] = [
    "自动回复",
    "自动答复",
    "自动应答",
    "自动回覆",
    "自動回覆",
    "自動回復",
    "自動返信",
    "自動応答",
    "自動答覆",
    "[自动回复",
    "【自动回复",
    "(自动回复",
    "（自动回复",
    "外出自动",
    "休假自动",
    "automatic reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "auto response",
    "autoresponse",
    "out of office",
    "out of the office",
    "automatische antwort",
    "réponse automatique",
    "respuesta automática",
    "автоответ",
    "автоматический ответ",
];
/// How the subject of a receipt begins that says that a letter was read.
const READ_SUBJECTS: [&str; 6] = ["已读:", "已读：", "read:", "已读回执", "已讀", "gelesen:"];
/// What in an automatic answer concerns the office: the mailbox goes out of use, or wants something done first.
const CONCERNING: [&str; 32] = [
    "停用",
    "不再使用",
    "已更换",
    "已变更",
    "更换为",
    "变更为",
    "改为",
    "已注销",
    "已调离",
    "调离",
    "已离职",
    "已退休",
    "新邮箱",
    "新地址",
    "新的邮箱",
    "请发至",
    "请发送至",
    "请发到",
    "请重新发",
    "无人值守",
    "无人查看",
    "点击",
    "验证",
    "白名单",
    "no longer",
    "new address",
    "new email",
    "has left",
    "not monitored",
    "unmonitored",
    "click",
    "verify",
];

/// In small letters and without white space, for reports break their lines anywhere.
pub(super) fn squeezed(text: &str) -> String {
    let plain = |c: char| if c == '’' { '\'' } else { c };
    text.chars().filter(|c| !c.is_whitespace()).map(plain).flat_map(char::to_lowercase).collect()
}

/// What a report says in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// the letter did not arrive
    Failed,
    /// not yet
    Delayed,
    /// both, or nothing that is known
    Unclear,
}

/// Of a squeezed text.
pub(super) fn says(text: &str) -> Says {
    match (holds(text, &FAILED), holds(text, &DELAYED), holds(text, &FINAL)) {
        (true, false, _) => Says::Failed,
        (_, true, false) => Says::Delayed,
        _ => Says::Unclear,
    }
}

pub(super) fn is_report_subject(squeezed: &str) -> bool {
    begins(squeezed, &REPORT_SUBJECTS)
}

/// Whether a machine answers for a person, or says that the person has read it.
pub(super) fn is_automatic_subject(squeezed: &str) -> bool {
    begins(squeezed, &AUTOMATIC_SUBJECTS) || begins(squeezed, &READ_SUBJECTS)
}

/// Whether an automatic answer says more than that somebody is away.
pub(super) fn concerns(squeezed: &str) -> bool {
    holds(squeezed, &CONCERNING) || holds(squeezed, &FAILED)
}

/// Whether a mail system wrote it, by what it calls itself.
pub(super) fn is_system(name: &str, local_part: &str) -> bool {
    holds(&squeezed(name), &SYSTEM_NAMES) || begins(&squeezed(local_part), &SYSTEM_ADDRESSES)
}

fn holds(text: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| text.contains(&squeezed(phrase)))
}

fn begins(text: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| text.starts_with(&squeezed(phrase)))
}
