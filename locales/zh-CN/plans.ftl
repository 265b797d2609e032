# 计划文件和演练脚本中的错误：`.label`写在出错处，`.help`说明应当怎样写。

plan-here = 此处
plan-placed = { $file }第{ $line }行第{ $column }列：{ $what }
plan-helped = { $placed }；{ $help }

# any table
plan-unknown-key = { $kind }中不能写`{ $key }`
    .label = 没有这一项
plan-keys = { $kind }中可写：{ $keys }
plan-needs-key = { $kind }须写明`{ $key }`
    .label = 缺`{ $key }`
    .help = 请加上`{ $example }`
plan-wrong-type = `{ $key }`应为{ $expected }，现为{ $given }
    .label = 此处应为{ $expected }
    .help = 写作`{ $example }`
plan-outside = `{ $key }`为{ $number }，应在{ $least }至{ $most }之间
    .label = { $least }至{ $most }
    .help = 写作`{ $example }`
plan-no-word = `{ $word }`不能作`{ $key }`
    .label = 不认识的词
    .help = 可选：{ $words }
plan-did-you-mean-of = 您是不是要用`{ $near }`？可选：{ $words }
plan-is-no = 不能作`{ $key }`
plan-as = 写作`{ $example }`

# texts
plan-harmful-in-line = `{ $key }`中有{ $character }，不能写在一行里
    .label = 在这段文字中
    .help = 请写成一行，不带控制字符
plan-harmful = `{ $key }`中有{ $character }，不能写入函件
    .label = 在这段文字中
    .help = 请删去
plan-character = 字符U+{ $code }
plan-too-many-chars = `{ $key }`有{ $chars }字，最多{ $most }字
    .label = 过长
    .help = 请缩短；原文写在`text`中
plan-too-many-bytes = `{ $key }`有{ $bytes }字节，最多{ $most }字节
    .label = 过长
    .help = 请拆成几项任务，或只摘录提出要求的段落
plan-empty = `{ $key }`是空的
    .label = 没有内容
    .help = 请写明；可以不写的，删去这一项
plan-address = `{ $text }`不是邮箱地址：{ $why }
    .label = 不是邮箱地址
    .help = 只写一个地址，如`housing@duban.example`

# files as a whole
plan-file-too-large = 文件有{ $bytes }字节，最多{ $most }字节
    .help = 请把计划拆成几个文件
plan-missing-file = 缺少文件{ $file }
    .help = docs/plan-files.md说明{ $file }怎样写
plan-unreadable = { $file }无法读取：{ $why }
    .help = 请让duban所用的系统账号能够读取该文件
plan-unreadable-large = { $file }无法读取：{ $why }
    .help = 请把计划拆成几个文件
plan-no-file = { $file }不是文件：{ $why }
    .help = 请在该处放文件，或把它移走
plan-not-utf8 = { $file }不是UTF-8编码：第{ $line }行，第{ $byte }字节
    .help = 请另存为UTF-8编码，不要用GBK
plan-no-due = `{ $text }`不能作时限
plan-id-elsewhere = 计划编号`{ $id }`在{ $place }处也用了
    .label = 编号相同
    .help = 一个编号始终只指一个计划：改正其中一个以前，两个文件都不起作用

# TOML
plan-twice = `{ $key }`写了两次
    .label = 此处重复
    .help = 请只保留一处
plan-first-here = 第一次在此处
plan-no-toml = 不符合TOML格式：{ $why }
plan-no-value = 没有写明内容
plan-unquoted = `{ $text }`不能作内容：文字须加英文引号
plan-full-width = `{ $given }`是全角字符，TOML须用`{ $right }`
plan-date-form = 日期不加引号，写作YYYY-MM-DD，如2021-06-30
plan-no-date = 没有`{ $text }`这一天
    .label = 没有这一天
plan-months = 月份为01至12
plan-days-of-month = 该月为{ $first }至{ $last }

# quotations
plan-not-quoted = `{ $key }`与{ $document }中的原文不一致
    .help = 请照原文摘录；有省略的，用空行隔成两段；更正写入`reading`
plan-passage-not-quoted = `{ $key }`第{ $number }段与{ $document }中的原文不一致
    .help = 请照原文摘录；有省略的，用空行隔成两段；更正写入`reading`
plan-nothing-begins = 原文中没有以“{ $given }”开头的内容
plan-parts-here = “{ $after }”之后，此处为“{ $given }”，原文为“{ $printed }”

# tasks
plan-collect-elsewhere = 月调度属于整个计划，写在`[plan]`中
plan-source-elsewhere = 原文属于整个计划，写在`[plan]`中
plan-assumed-needs-note = 推定的时限须写明`due_note`
    .label = 推定的依据是什么？
    .help = 请用一句话说明为什么这样理解原文
plan-reserved = `{ $name }`专指计划的月调度，任务不能用
    .label = 保留的名称
    .help = 请换一个编号
plan-title-long = 标题有{ $chars }字
    .label = 在函件中过长
    .help = 20字左右便于一眼看清；原文写在`text`中
plan-no-citation = `cite`是空的，无从说明任务出自何处
    .label = 没有出处
    .help = 写作`cite = ["air:17", "air-list:23"]`
plan-cited-twice = `{ $citation }`引用了两次
    .label = 此处重复
    .help = 请只保留一处
plan-no-lead = `lead`是空的，任务无人负责
    .label = 没有单位
    .help = 请写明牵头单位，如`lead = ["eco-env"]`
plan-two-roles = `{ $unit }`在同一任务中既牵头又配合
    .label = 配合
    .help = 牵头单位不必再列为配合：请从`cooperate`中删去
plan-leads-here = 牵头
plan-deadline-before-issue = 时限{ $deadline }早于计划印发日{ $issued }
    .label = 已经过期
    .help = 任务一启动就超期；年份对吗？
plan-never-in-force = 计划执行期（{ $from }至{ $until }）内没有一期
    .label = 没有一期会启动
    .help = 请调整`from`、`until`，或计划的`in_force`
plan-used-none = `{ $used }`不在`says`所列之中
    .label = 所采用的
    .help = 请从中选一个：{ $all }
plan-one-passage = 表述不一须列出两处或更多
    .label = 与哪一处不一致？
    .help = 请逐处写明出处，如`{ $example }`
plan-task-too-large = 该任务有{ $bytes }字节，一条记录最多存{ $most }字节
    .label = 该任务
    .help = 请缩短说明和表述不一的内容，或拆成几项任务

# dues and collections
plan-no-shape = 时限没有写明时间
    .label = 没有写明时间
    .help = 须写其中一种：{ $shapes }
plan-two-shapes = 时限只能写一种，这里写了`{ $one }`和`{ $other }`
    .label = 一种
    .help = 请只保留一种，或拆成两项任务
plan-another-shape = 又一种
plan-not-with = `{ $key }`不能与`{ $shape }`一起写
    .label = 不应写在此处
plan-the-shape = 时限的写法
plan-bounds-of-dated = 有年份的时段，起止写在它自己的大括号中；只有每年的时段`"10-01..03-31"`才另写起止
plan-bounds = `from`和`until`只限定`every`、`cron`和每年的时段
plan-belongs-to-every = `{ $key }`只与`every`一起写
plan-window-never = 永远没有下一期：{ $from }至{ $until }之间，{ $window }没有一次期满
    .label = 该时段
    .help = 请调整`from`或`until`
plan-turned = 止日早于起日：`until`为{ $until }，`from`为{ $from }
    .label = 止于此日
    .help = 起止两天都包括在内；请对调，或改正年份
plan-begins-here = 起于此日
plan-ongoing-false = `ongoing = false`没有写明时间
    .label = 只能写`true`
    .help = 请改用另一种时限，或写`ongoing = true`
plan-cron-never = 永远没有下一期：到{ $until }为止，`{ $cron }`没有一天
    .label = 该日程
    .help = 请调整`until`，或不写
plan-because = 原因在此
plan-fit-on = 请让`on`与`every`相符
plan-move-until = 请调整`until`，或不写
plan-move-season = 到期日在季节之内的一期才算：请调整`on`或季节
plan-move-from = 请调整`from`
plan-unknown-cadence = 不认识的周期
plan-leave-out = 请不写`{ $key }`
plan-leave-out-of-ten-days = 请不写`{ $key }`：每旬到期日为10日、20日和月末
plan-no-day-of = 不是`{ $every }`中的一天
plan-no-days = `{ $text }`不是天数
    .label = 期满后的天数
    .help = 写1至{ $most }的数字，后加`d`，如`"10d"`
plan-reply-before-asked = 反馈日早于调度日
    .label = 反馈日
    .help = `reply_by`应为同一期中较晚的一天
plan-asked-on = 调度日

# units
plan-people = 人员不写入计划文件：请用`duban unit set`设置
plan-no-unit-id = `{ $text }`不是单位编号
    .label = 须写编号
plan-no-unit = 没有单位`{ $text }`
    .label = 没有这个单位
    .help = 单位列在`units.toml`中，请先在那里添加
plan-unit-is-a-name = `{ $text }`是名称，该单位的编号是`{ $id }`
plan-did-you-mean-unit = 您是不是要用`{ $id }`（{ $name }）？
plan-in-list-twice = `{ $name }`在`{ $list }`中写了两次
    .label = 此处重复
    .help = 请只保留一处
plan-in-this-list = 在此列表中
plan-too-many-units = 有{ $count }个单位，最多{ $most }个
plan-id-of-two-units = 编号`{ $id }`给了两个单位
    .label = 此处重复
    .help = 一个编号始终只指一个单位
plan-name-of-two-units = `{ $text }`是两个单位的名称
    .label = 此处重复
    .help = 一个名称只能指一个单位：请从另一个单位中删去
plan-members-of-one = 只有统称才有成员单位
    .label = 单个单位的成员
    .help = 请写`kind = "collective"`，或不写`members`
plan-member-of-itself = `{ $unit }`成了自己的成员单位：{ $way }
    .label = 由此绕回自己
    .help = 请从成员单位中删去其中一个

# ladders
plan-not-descending = `before`应由大到小，{ $first }之后却是{ $second }
    .label = 没有变小
    .help = 天数多的在前，如`before = [30, 7, 1]`
plan-than-this = 相比此处
plan-supervision-first = 提请督查早于提请分管领导
    .label = 更早
    .help = `supervision_after`不应小于`leader_after`

# plans
plan-no-document = 没有原文文件`{ $text }`
    .label = 没有找到
    .help = 原文放在计划文件旁的`source/`中，为UTF-8文本
plan-too-many-tasks = 计划有{ $count }项任务，最多{ $most }项
    .label = 超出的一项
    .help = 请把计划拆成几个文件
plan-two-tasks = 两项任务的编号都是`{ $task }`
    .label = 此处重复
    .help = “计划/任务”始终只指一项任务：请给其中一项换一个编号

# the office
plan-no-zone = 没有时区`{ $text }`
    .label = 没有这个时区
    .help = 请写IANA时区名，如`Asia/Shanghai`
plan-beijing = 北京时间的时区是`Asia/Shanghai`
plan-no-release = `{ $text }`不是放行方式
    .label = 不认识
    .help = `release = "auto"`：到发送时刻自动发出；`"each morning"`：由人放行后发出
plan-no-release-hour = 没有设置由人放行，不必写放行截止时间
    .label = 不应写在此处
    .help = `release = "auto"`：到发送时刻自动发出；`"each morning"`：由人放行后发出
plan-release-hour-early = 督办函在发送时刻写成，放行截止时间应晚于它
    .label = 不应写在此处
    .help = 请写较晚的时间
plan-no-first-letters = `{ $text }`不是首批函件的发送方式
    .label = 不认识
    .help = `"after release"`：下一个工作日的发送时刻写成，由人放行后发出；`"at the sending hour"`：到时自动发出；`"at once"`：供试用
plan-no-time = `{ $text }`不是时间
    .label = HH:MM（时:分）
    .help = 写时和分，由"00:00"至"23:59"，如"09:00"
plan-no-set = `{ $text }`不是工作日历的名称
    .label = 用a–z、0–9和连字符
    .help = "cn"指文件workdays/cn-YYYY.toml

# working days
plan-names-no-year = 文件名`{ $file }`中没有日历名称和年份
    .label = 整个文件
    .help = 文件名写作`workdays/cn-2021.toml`
plan-another-year = 文件名为{ $named }年，内容却是{ $year }年
    .label = 年份不同
    .help = 请使两处年份一致
plan-no-notice = 列有放假安排，却没有写明国务院办公厅的通知
    .label = 缺`notice`
    .help = 请加上`notice = "国办发明电〔2020〕27号"`
plan-this-entry = 这一条
plan-compare-notice = 请对照通知核对

# scripts of a rehearsal
plan-no-plan = 没有计划`{ $plan }`
    .label = 没有这个计划
plan-no-task = 计划`{ $plan }`中没有任务`{ $task }`
    .label = 没有这项任务
plan-habit-every-day = 习惯每天都有效；某一天的动作写在`[[act]]`中
plan-habit-of-other = 只有本单位审核办结，习惯中也只能写这一项
    .label = 不由它来做
    .help = `unit = "office"`与`answers = "accepts"`同用；责任单位可写`in-time`、`late`、`never`和`monthly`
plan-key-not-of-act = `{ $act }`不用`{ $key }`
    .label = 不应写在此处
    .help = `{ $act }`可写：{ $keys }
plan-done-by = `{ $act }`由{ $by }来做
    .label = 由另一方来做
    .help = `who = "office"`审核、退回、裁定；单位编号则填报、申请办结、申请延期
plan-no-month = `{ $period }`不是月份
    .label = 通报按月编写
    .help = 写作`month = "2021-06"`

# names, periods, cadences, windows, days off
parse-no-period = `{ $text }`不是期次：写作`once`、`2021`、`2021-2022`、`2021H1`、`2021Q3`、`2021-09`、`2021-09-T1`、`2021-W26`或`2021-09-30`
parse-no-cadence = `{ $text }`不是周期：写`day`（日）、`workday`（工作日）、`week`（周）、`ten-days`（旬）、`month`（月）、`quarter`（季度）、`half-year`（半年）或`year`（年）
parse-on = `{ $key } = { $on }`与`every = "{ $every }"`不符，应写{ $takes }
parse-takes-nothing = 空：每一天都到期，不必写
parse-takes-weekdays = `mon`、`tue`、`wed`、`thu`、`fri`、`sat`或`sun`
parse-takes-last = `last`（最后一天）
parse-takes-days = 1至31，或`last`（最后一天）
parse-takes-days-of-quarter = `M-DD`，M为季度中的第1至第3个月（`2-15`），或`last`（最后一天）
parse-takes-days-of-half-year = `M-DD`，M为半年中的第1至第6个月（`1-10`），或`last`（最后一天）
parse-takes-days-of-year = `MM-DD`（`03-01`），或`last`（最后一天）
parse-no-day-of-year = `{ $text }`不是一年中的一天：写作`MM-DD`，如`03-01`
parse-no-part-of-year = `{ $text }`不是一年中的时段：写月份（`05..09`）或日期（`10-01..03-31`）
parse-cron-fields = `{ $text }`有{ $found }个字段，应有六个：秒、分、时、日、月、星期
parse-cron-unreadable = `{ $text }`不是cron日程：{ $why }
parse-cron-disputed = `{ $text }`在各读取程序中含义不同：{ $why }
parse-cron-never = `{ $text }`永远没有下一天：没有一天同时是`{ $month }`月`{ $day }`日、星期`{ $weekday }`
parse-turned = `from`{ $from }晚于`until`{ $until }
parse-ends-too-soon = 永远没有下一期：第一个到期日{ $due }晚于`until`{ $until }
parse-never-in-season = 永远没有下一期：`every = "{ $every }"`的到期日都不在季节`{ $season }`之内
parse-beyond-calendar = 永远没有下一期：到{ $year }年底，`every = "{ $every }"`已没有一期
parse-other-year = { $date }不在{ $year }年：一个文件只写本年的放假安排
parse-off-turned = 放假“{ $name }”：{ $from }晚于{ $until }
parse-off-twice = 放假“{ $name }”与“{ $other }”有重复的日子
parse-worked-day-off = { $date }既是调休上班日，又是放假日（“{ $name }”）
parse-worked-weekday = { $date }列为调休上班日，但不是星期六、星期日
parse-worked-twice = { $date }在调休上班日中列了两次

# kinds of tables
word-a-plan-file = 计划文件
word-a-plan = 计划（[plan]）
word-a-task = 任务（[[task]]）
word-a-conflict = 表述不一（[[task.conflict]]）
word-a-passage-of-a-conflict = 表述不一的一处
word-a-due = 时限（due）
word-a-collection = 调度（collect）
word-a-range-of-days = 起止日期
word-units-toml = 单位文件units.toml
word-a-unit = 单位
word-ladders-toml = 提醒规则文件ladders.toml
word-the-set-of-ladders = 提醒规则（[ladder]）
word-a-ladder = 一套提醒规则
word-the-overdue-rule = 超期规则（[overdue]）
word-the-adoption-rule = 纳入规则（[adoption]）
word-the-outage-rule = 停运规则（[outage]）
word-lights-toml = 亮灯规则文件lights.toml
word-office-toml = 本单位文件office.toml
word-the-office = 本单位
word-the-bulletin-s-letterhead = 通报版头（bulletin）
word-a-year-of-working-days = 年度放假安排
word-a-span-of-days-off = 一次放假
word-a-script = 演练脚本
word-an-act = 动作（[[act]]）
word-a-habit = 习惯（[[habit]]）
word-no-key-of-its-own = 无

# kinds of values
word-text-in-quotes = 加引号的文字
word-a-whole-number = 整数
word-a-whole-number-or-text-in-quotes = 整数或加引号的文字
word-a-number-with-a-fraction = 小数
word-true-or-false = `true`或`false`
word-a-time = 时间
word-a-date = 日期
word-a-date-without-quotes = 不加引号的日期
word-a-list = 列表
word-a-list-in-square-brackets = 方括号中的列表
word-a-table = 表
word-a-line-break = 换行
word-a-tab = 制表符

# what a name looks like
word-as-task = 计划/任务
word-as-occurrence = “计划/任务/期次”，如yangcheng-2021-air/machinery-check/2021Q3
word-as-assignment = “计划/任务/期次/单位”
word-as-letter = “年-月日-号”，如2021-0623-07
word-as-receipt = “R年-月日-号”，如R2021-0628-03
word-as-digest = 64位十六进制数字
word-as-citation = “文件部分:条目”，如air:17、air-list:23、water:2.4或soil:safeguard-2

# why an address is none, why a cron text is disputed
word-it-is-longer-than-254-bytes = 超过254字节
word-it-holds-a-control-character-or-a-line-break = 有控制字符或换行
word-it-has-no = 没有`@`
word-what-stands-before-is-no-mailbox-name = `@`之前不是邮箱名
word-what-stands-behind-is-no-domain = `@`之后不是域名
word-before-stand-at-most-64-characters-between-dots-behind-it-at-most-63 = `@`之前最多64个字符，`@`之后每段最多63个
word-lw-is-unknown-to-the-scheduler-s-reader-name-the-day = 不能用`LW`，请写明哪一天
word-the-last-sunday-is-0l-not-7l = 最后一个星期日写`0L`，不写`7L`

# what the readers of TOML and of cron texts say, by the beginning of it
word-missing-comma-between-array-elements = 列表各项之间缺英文逗号`,`
word-missing-comma-between-key-value-pairs = 各项之间缺英文逗号`,`
word-missing-assignment-between-key-value-pairs = 项名之后缺`=`
word-extra-assignment-between-key-value-pairs = 各项之间缺英文逗号`,`
word-extra-comma-in-array = 列表中多了一个逗号
word-extra-comma-in-inline-table = 大括号中多了一个逗号
word-unclosed-array = 列表没有结束，缺`]`
word-unclosed-inline-table = 大括号没有结束，缺`{ "}" }`
word-unclosed-table = 表头没有结束，缺`]`
word-unclosed-array-table = 表头没有结束，缺`]]`
word-key-with-no-value = 项名之后缺`=`和内容
word-unquoted-keys-cannot-be-empty = 缺项名
word-invalid-unquoted-key = 项名只能用字母、数字、`-`和`_`
word-unexpected-key-or-value = 一行只能写一项，此处多了内容
word-invalid-basic-string = 引号没有结束，或文字中有不能写的字符
word-invalid-literal-string = 引号没有结束，或文字没有加引号
word-invalid-multi-line-basic-string = 三个引号没有结束
word-invalid-multi-line-literal-string = 三个引号没有结束
word-missing-escaped-value = 反斜杠后的字符不对：文字中的反斜杠须写两个
word-unexpected-leading-zero = 数字不能以0开头
word-invalid-date = 日期写法不对
word-invalid-time = 时间写法不对
word-redundant-numeric-sign = 数字前的符号多余
word-pattern-contains-illegal-characters = 有不能用的字符
word-component-error = 有的字段超出范围或写法不对
