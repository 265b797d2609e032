# 首页：浏览器打开本服务的地址时所见。
front-title = 督办
front-lead = 按行动计划提醒责任单位，收取反馈，留存全部记录。
front-ok = 运行正常（{ $at }）。
front-attention = 正在运行，有情况需要办公室查看：duban status（{ $at }）。
front-stopped = 已停止办理，请办公室查看：duban status。
front-letters = 已写督办函{ $written }封，在途{ $unsettled }封，待放行{ $held }封。
front-next = 下次办理：{ $at }。
front-no-page = 没有这个页面。
front-units = 责任单位
front-units-text = 请打开督办邮件中的链接填报，或填写邮件所附《反馈表》直接回复。没有收到邮件或链接失效的，请与发件单位联系。
front-office = 督办办公室
front-office-text = 在这台机器的终端中输入：
front-status = 今天要办什么，有什么异常
front-letter-list = 已写的督办函；duban letter show 编号 看全文
front-preview = 接下来每天提醒谁、提醒什么
front-week = 本周清单：超期、本周到期、未反馈、待审核……
front-help = 全部命令
