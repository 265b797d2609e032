# 运行情况。

# as a whole
status-ok = 一切正常
status-attention = 运行中，但有情况需要人工查看
status-stopped = 已停止办理

# labels
word-label-clock = 时钟
word-label-letters = 督办函
word-label-bounced = 退信
word-label-relay = 发信服务器
word-label-mailbox = 收信邮箱
word-label-plans = 计划
word-label-matters = 事项
word-label-days-off = 放假安排
word-label-files = 计划文件
word-label-broken = 有误
word-label-look-at = 请查看
word-label-finding = 发现
word-label-journal = 台账记录
word-label-store = 副本
word-label-damage = 损坏
word-label-healed = 已修复
word-label-backup = 备份
word-label-next = 下次办理
word-label-version = 版本

# one line each
status-clock-held = { $now }与最近一条记录{ $last }相差过大：请校准，或用`duban clock accept --reason …`确认
status-letters = 已写{ $written }封，{ $unsettled }封在途，{ $held }封待放行
status-letters-refused = { $count }封被拒收，不再发送；`duban letter list --unsettled`说明原因
status-letters-unreleased = { $count }封当天没有放行，内容并入该单位下一封
status-first-held = { $day }将向{ $units }个单位告知新任务{ $tasks }项：`duban preview --live --from { $day } --until { $day }`查看谁收到什么；写好后用`duban letter release`放行
status-first = { $day }向{ $units }个单位告知新任务{ $tasks }项：`duban preview --live --from { $day } --until { $day }`查看谁收到什么
status-letters-held = { $count }件发往责任单位的督办函待放行：`duban letter list --held`查看，`duban letter release --all`放行
status-letters-held-until = { $count }件发往责任单位的督办函待放行，{ $until }以后不再发出：`duban letter list --held`查看，`duban letter release --all`放行
status-letters-unread = 有{ $count }件答复待阅：`duban intake list`，再`duban intake done 序号`
status-letters-to = 发往{ $where }
status-bounced = “{ $unit }”的邮箱退回了督办函：`duban unit set { $unit } --mailbox 地址`（或`--mailbox-works`），再`duban letter resend 编号 --reason …`
status-relay = 自{ $since }起发不出督办函：{ $why }；已失败{ $count }次，{ $next }再试
status-mailbox-unread = { $mailbox }，尚未收取
status-mailbox-read = { $mailbox }，{ $at }收取
status-mailbox-fault = 自{ $since }起无法收取：{ $why }
status-mailbox-left = 其中{ $count }件无法收录，保持未读，请人工查看
status-plans = 督办中{ $followed }个，已过期或关闭{ $closed }个
status-by-office = 由本单位管理的计划{ $plans }个（`duban plan list`），本单位设置过的单位{ $units }个（`duban unit list`）：文件不再改动
days-off-provisional = { $years }年为暂定：只计双休日和法定节假日，调休待国务院办公厅通知，通知发布后写入`workdays/`
status-matters = 在办{ $open }项，超期{ $overdue }项，没有待本单位办理的
status-matters-waiting = 在办{ $open }项，超期{ $overdue }项，{ $waiting }项待本单位办理：`duban task waiting`
status-journal = 第{ $position }号记录，{ $at }，摘要{ $hash }
status-store-failed = 第二份副本不可用，记录照常，只存一份：{ $why }
status-store-late = 第二份副本自{ $since }起一直落后，记录照常，只存一份；重启duban即补齐
status-store-behind = 落后{ $count }条记录
status-damage = { $what }；`duban doctor`说明处理办法
status-no-backup = 还没有备份
status-no-next = 没有待办的
mail-as-files = { $dir }（.eml文件）
mail-in-memory = 内存
mail-by-smtp = { $relay }（SMTP，{ $how }）
word-mail-starttls = STARTTLS
word-mail-tls = TLS
word-mail-clear = 未加密

# what a person should look at
finding-file-missing = 计划“{ $plan }”取自`{ $file }`，该文件已不在；计划保持原样：请放回文件，或用`duban plan close { $plan }`关闭计划
finding-owned-by-office = 没有读取`{ $file }`：计划“{ $plan }”由本单位管理；`duban plan take-over { $plan } --by file --reason …`可交还其文件，交还后立即读取
finding-unit-set-by-office = `units.toml`中{ $unit }与本单位所设不同，没有采用：`duban unit set { $unit } { $set }`可采用
finding-date-without-reason = `{ $file }`：任务“{ $task }”的法定时限由{ $from }改为{ $to }，没有写明理由；该文件未采用：请在任务中写明`reason = "…"`，或改回原时限
finding-ladders-version = `ladders.toml`已改动，但版本号仍为{ $version }；未采用：请把`version`改为{ $next }
finding-lights-version = `lights.toml`已改动，但版本号仍为{ $version }；未采用：请把`version`改为{ $next }
finding-runs-already = `{ $file }`写着`quiet = true`，但计划“{ $plan }”已在督办；该文件未采用：请去掉这一项，改为暂停其任务或关闭计划
finding-plan-closed = `{ $file }`已改动，但计划“{ $plan }”已关闭；未采用
finding-bulletin-late = { $month }通报应于{ $by }前印发，尚未印发：`duban bulletin { $month } --steps`
finding-no-room = 单位提交的内容无法保存：{ $why }；请清理磁盘
finding-no-room-for-links = 单位通过链接提交的文件无法保存：{ $why }；请清理磁盘
finding-door = { $at }自{ $since }起没有应答：{ $why }；{ $max }个连接中已用{ $connections }个
finding-refused-unit = 发往{ $unit }的督办函{ $letter }被拒收：{ $why }；请用`duban unit set { $unit } --mailbox …`更正地址，再`duban letter resend { $letter }`
finding-refused-office = 发往本单位的督办函{ $letter }被拒收：{ $why }；请更正office.toml中的`reply_to`，再`duban letter resend { $letter }`
finding-refused-leader = 呈{ $unit }分管领导的{ $letter }被拒收：{ $why }；请用`duban unit set { $unit } --leader-mailbox …`更正地址，再`duban letter resend { $letter }`
