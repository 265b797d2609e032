# 一项任务。

# labels
word-label-state = 状态
word-label-cited = 出处
word-label-lead = 牵头
word-label-cooperate = 配合
word-label-answers = 反馈
word-label-due = 时限
word-label-standard = 完成标准
word-label-evidence = 印证材料
word-label-report-to = 报送
word-label-note = 备注
word-label-occurrences = 期次
word-label-conflict = 表述不一
word-label-letters-show = 函件所示
word-label-original = 原定时限
word-label-current = 现定时限
word-label-extended = 延期
word-label-claimed = 申请办结
word-label-progress = 进展
word-label-problem = 存在问题
word-label-next-steps = 下步措施
word-label-material = 材料
word-label-history = 经过

# a task
show-lead-assumed = { $lead }（推定，待确认）
show-due-assumed = { $due }（推定，原文没有写明）
show-each-answers = 各单位分别反馈
show-target = 力争：到期不自动计为超期
show-fixed = 不可延期
show-recorded = 只记录，不催办
show-span = { $from }至{ $until }
show-span-open = { $from }起
show-conflict = { $says }；采用{ $used }：{ $why }
show-slip = …{ $reading }…（原件为…{ $printed }…）

# a unit's part in it
show-state = { $state } { $light }
show-state-of-other = { $state } { $light }；由{ $unit }统一反馈
show-advised = { $day }（建议{ $advised }前）
show-extension = 由{ $from }延至{ $until }，{ $on }由{ $approver }批准
show-extension-to = 延至{ $until }，{ $on }由{ $approver }批准
show-by-paper = { $words }（{ $paper }）
show-claim = { $on }申请办结（{ $way }），完成日{ $done }：{ $text }
show-claim-returned = { $words }；{ $on }退回：{ $why }
show-claim-accepted = { $words }；{ $on }办结
show-file = { $on }  { $name }，{ $kib } KiB：{ $path }
show-letter = { $letter }  { $about }  致{ $to }，{ $progress }
show-to-unit = { $unit }
show-to-leader = { $unit }分管领导
show-to-office = 本办

# states
word-state-planned = 尚未开始
word-state-ongoing = 长期坚持
word-state-awaiting = 时间待定
word-state-done-before-import = 导入前已完成
word-state-recorded = 只记录
word-state-closed = 计划已关闭
word-state-set-up = 计划筹备中
word-state-withdrawn = 已撤销
word-state-opened = 待告知
word-state-notified = 已告知
word-state-receipt = 已签收
word-state-in-progress = 推进中
word-state-claimed = 待审核
word-state-returned = 已退回
word-state-paused = 已暂停
word-state-accepted = 已办结
word-state-closed-out = 已销号
word-state-ended = 已结束
word-letter-held = 待放行
word-letter-unreleased = 未放行
word-letter-recalled = 已撤回
word-letter-queued = 待发
word-letter-deferred = 待重发
word-letter-unknown = 结果不明
word-letter-accepted = 已送出
word-letter-refused = 被拒收
word-letter-bounced = 被退回
word-letter-superseded = 已被代替
