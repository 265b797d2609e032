# 命令行的帮助。英文写在命令旁的源码中（src/cli/args/、src/office/）；此处每个命令一条，其参数为其下各项。

# what means the same everywhere
help-shared =
    .ask = 标准输入不是终端的，也在其上询问
    .approver = 批准人：机关或职务
    .config = 后台服务的配置文件（默认：不需要）
    .data = 数据目录（默认：./data）
    .document = 批准文号
    .event = 来件的记录序号，见`duban intake list`
    .format = 输出格式
    .from = 起日
    .ground = 依据的文件或会议纪要
    .lang = 语言（默认：随LANG；其中未指明中文或英文的，用中文）
    .letter = 督办函编号，如2021-0623-07
    .names = 事项，写作“计划/任务/期次”；只有一期在办的可不写期次
    .on = 截至这一天（含当日）的情况（默认：现在）
    .path = 数据目录、备份或复制出来的`archive/`（默认：后台服务的，没有运行的用数据目录）
    .period = 期次，如2021Q3、2021-09；任务名中已写明的不必再写
    .plan = 计划编号
    .reason = 理由
    .schedules = 计划文件目录（默认：./schedules；没有该目录的，用随附计划）
    .task = “计划/任务”；只有一个计划有此任务的，可只写任务
    .name = “计划/任务/期次”；只有一期在办的可不写期次，只有一个计划有此任务的可不写计划
    .unit = 只限一个责任单位（编号或名称）
    .until = 止日（含当日）
    .words = 附言，写入函件

# how values are called
help-names =
    .ADDRESS = 地址
    .ADDRESS-PORT = 地址:端口
    .BACKUP = 备份目录
    .CLASS = 类别
    .DAY = 日期
    .DAY-DAY = 起日..止日
    .DAY-POSITION = 日期|序号
    .DAYS = 计日方式
    .DIR = 目录
    .DOCX = Word文件
    .DUE = 时限
    .EVENT = 记录序号
    .FILE = 文件
    .FILE-DIR = 文件|目录|-
    .FORMAT = 格式
    .FROM = 备份目录
    .ID = 编号
    .INTO = 目录
    .KIND = 类型
    .LANGUAGE = 语言
    .LETTER = 督办函编号
    .MONTH = 月份
    .NAME = 名称
    .NAME-ID = 名称=编号
    .NUMBER = 号码
    .OWNER = 管理者
    .PATH = 路径
    .PERIOD = 期次
    .PLAN = 计划
    .POSITION = 序号
    .POSITION-HASH = 序号:摘要
    .POST = 职务
    .ROLES = 岗位
    .ROW = 行号
    .SHELL = 终端
    .SHORT = 简称
    .STEP = 环节
    .TASK = 任务
    .TEXT-UNITS-WHEN-UNITS = 内容|牵头单位|时限|配合单位
    .TEXT = 文字
    .TITLE = 标题
    .UID = 系统用户号
    .UNIT = 单位
    .UNITS = 单位
    .WAY = 方式
    .YEAR = 年份

# what may be chosen
help-values =
    .auditor = 审计员，只看不改
    .bureau = 部门
    .calendar = 含休息日
    .checked = 核稿
    .clerk = 督办经办人
    .collective = 统称，如各乡镇
    .company = 企业
    .complex = 复杂事项，一个月内或按时间计划办结
    .county-leader = 分管县领导，只看分管单位
    .csv = Excel可打开的逗号分隔文件
    .drafted = 起草
    .each = 各单位分别反馈
    .en = 英文
    .file = 计划文件
    .government = 县政府，只记录，不催办
    .html = 打印页
    .issued = 印发
    .json = 供程序读取
    .lead = 第一个牵头单位统一反馈
    .meeting = 会议
    .message = 即时消息
    .office = 本单位
    .ordinary = 一般事项，7日内办结
    .paper = 纸质材料
    .phone = 电话
    .reviewer = 审核人
    .signed = 签发
    .system-admin = 系统管理员，只管账号和系统
    .table = 表格
    .text = 文字
    .township = 乡镇、街道
    .working = 只计工作日
    .xlsx = Excel工作簿
    .zh = 中文
    .zone = 开发区、园区

help = duban（督办）：按行动计划提醒各责任单位办理和反馈，留存全部记录，事后可查可证
    .closing =
        例：
          duban check                                          计划文件是否正确、是否齐全
          duban preview --from 2021-06-01 --until 2021-06-30   6月哪些单位会收到什么提醒
          duban serve                                          开始提醒；督办函写入./data/outbox
          duban task accept annual/machinery-check/2026Q4      这一项已办结

        退出码：0 完成（可有提示）；1 未受理或发现问题；2 故障。

help-serve = 启动后台服务：采用计划、提醒各单位、留存记录
    .long =
        不需要配置：计划取自./schedules（没有的用随附计划），数据存入./data，
        督办函以.eml文件写入./data/outbox，/healthz在127.0.0.1:8780。收到SIGTERM时办完手头的再退出。
    .listen = /healthz和/metrics的地址；端口0表示任取一个（默认：127.0.0.1:8780）
    .log_format = 日志：供人阅读（`text`）、供程序读取（`json`）或写入系统日志（`journald`）（默认：由systemd启动的为`journald`，否则`text`）
help-check = 检查计划文件：逐行列出错误，再说明覆盖了哪些要求、还缺什么
    .closing =
        例：
          duban check                        检查./schedules下全部文件
          duban check schedules/air.toml     只检查一个计划
          duban check --format json | jq '.coverage.plans[].awaiting'

        文件有错的退出码为1；只有提示或尚有未覆盖的为0。
    .path = 计划文件目录，或一个计划文件（默认：`--schedules`所指目录）
help-preview = 逐日预览：若无人反馈，将发出哪些督办函
    .closing =
        只看计划文件：视为各计划在印发当日的发函时间起督办，且无人反馈。
        用`--live`则由正在运行的后台服务按现有情况推算。

        例：
          duban preview --from 2021-05-24 --until 2021-07-10 --unit eco-env
          duban preview --from 2026-01-01 --until 2026-12-31 --format json
    .live = 由正在运行的后台服务按已有反馈推算
    .unit = 只看发给该单位的；`duban unit list`列出全部单位
help-rehearse = 演练一段时间：真实推演发函、记录，并汇总结果，不发邮件
    .closing =
        例：
          duban rehearse --from 2021-05-24 --until 2022-03-31
          duban rehearse --from 2021-05-24 --until 2022-03-31 --down 2021-06-20..2021-07-05 --into /tmp/演练
          duban rehearse --from 2021-05-24 --until 2021-09-10 --script units.toml --out /tmp/文稿

        记录不完整或与剧本所写不符的，退出码为1。
    .down = 后台服务停机的日子（含首尾）；可写多次
    .script = 演练剧本：谁在何时反馈、审核；格式见docs/rehearse.md，不写则无人反馈
    .out = 文稿写入此目录：剧本要求的通报和台账，及最后一天的台账
    .into = 数据目录留存于此：记录、督办函、发件箱
    .format = 输出：按月、按单位的汇总，或全部明细和数据

help-plan = 计划：列出、查看、新建、添加、导出、接管、启动、关闭
help-plan-list = 列出全部计划
help-plan-show = 查看一个计划及其任务
help-plan-new = 新建由本单位管理的计划：逐项询问，确认后开始督办
    .long =
        依次询问标题、文号，再逐项询问任务：内容、牵头单位、配合单位、时限。时限照平时的写法，如每季度末、
        每月25日前、每旬、6月底前、5-9月、长期坚持。随后显示今后的日期、哪些单位何时收到什么，确认后才添加。
        已填的内容随时存入草稿，中断后再用本命令可接着填。
    .closing =
        例：
          duban plan new                                            逐项询问
          duban plan new --title 2021年安全生产督办计划 --task '开展安全检查|县应急管理局、西河乡|每季度末' --yes
          duban plan new --title 安全检查 --task '开展安全检查|县应急管理局|每月25日前|县公安局' --dry-run
    .title = 标题
    .short = 简称，用于督办函（默认：标题）
    .document = 文号（默认：没有）
    .issued_on = 印发日期（默认：今天）
    .until = 执行的最后一天（默认：印发当年的年底）
    .id = 编号（默认：office-年份）
    .tasks = 一项任务，写作“内容|牵头单位|时限|配合单位”，配合单位可不写；可写多次
    .answer = 几个牵头单位的，由谁反馈
    .dry_run = 只输出计划文件，不添加
    .draft = 草稿文件
    .yes = 不询问，直接添加
help-plan-add = 从文件添加由本单位管理的计划（文件只读取这一次）
    .long = `--schedules`目录中的计划不必添加：后台服务随其文件更新。
    .file = 计划文件
help-plan-export = 把计划输出为计划文件
help-plan-take-over = 把计划交由本单位管理，或交还其文件管理
    .by = 今后由谁管理
help-plan-start = 启动督办以`quiet = true`添加的计划；今天告知各单位
help-plan-close = 关闭计划，不再催办

help-task = 任务：列出、查看、待办、办结、退回、延期、催办、重新督办、暂停、定时限等
help-task-list = 列出任务
    .long =
        列出督办中和筹备中的计划的任务；`--closed`一并列出其余计划的。后台服务没有运行时，按计划文件列出，
        状态为尚未开始、长期坚持、时间待定、导入前已完成或只记录（不催办）之一。
    .plan = 只列该计划的任务
    .unit = 只列该单位牵头或配合的任务，含作为成员单位承担的
    .due_before = 只列这一天（含当日）以前到期的
    .awaiting = 只列时限待定的
    .assumed = 只列牵头单位为推定、待确认的
    .closed = 也列已关闭的计划，及纳入时时限已过的计划；指明计划的总会列出
help-task-show = 查看一项任务：内容、单位、时限；各单位的状态、延期、办结申请、材料、督办函、经过
    .closing =
        例：
          duban task show dry-cleaners
          duban task show annual/machinery-check/2026Q4 --unit eco-env
          duban task show dry-cleaners --files 材料
    .name = “计划/任务”；只有一个计划有此任务的，可只写任务；写明期次的只看该期
    .period = 期次，如2021Q3、2021-09（默认：在办的；没有的，最后一期）
    .files = 把各单位提交的材料存入此目录
help-task-waiting = 待本单位办理的：办结申请、延期申请、异议、待销号事项
help-task-accept = 审核通过，予以办结
    .closing =
        例：
          duban task accept yangcheng-2021-air/machinery-check --period 2021Q3 --on 2021-09-28
          duban task accept --claimed --unit eco-env --remark 属实
    .claimed = 全部待审核的办结申请
    .on = 完成日期（默认：今天）
    .remark = 审核意见
help-task-return = 退回，写明理由
    .reason = 理由；责任单位会看到
    .new_deadline = 新的时限
help-task-extend = 批准延期；原定时限继续显示
    .closing =
        例：
          duban task extend dry-cleaners --approver 县政府分管领导 --document 阳政办函〔2021〕9号
    .until = 新的时限，与申请不同时填写
help-task-refuse-extension = 驳回延期申请
    .reason = 理由；责任单位会看到
help-task-answer = 答复责任单位的异议
    .words = 答复内容；责任单位会看到
help-task-chase = 立即发函催办
help-task-reopen = 对已办结的重新督办（回头看）
    .reason = 理由；责任单位会看到
    .until = 新的时限；原时限已过的必须填写
help-task-record = 代录责任单位以纸质、电话、会议或即时消息作的反馈
    .closing =
        例：
          duban task record dry-cleaners --unit eco-env --via phone --done 2021-06-22 --text 已全部整改 --name 王某
          duban task record dry-cleaners --unit eco-env --via paper --progress 完成八成 --scan 来函.pdf
    .via = 反馈方式，随记录留存
    .done = 完成日期：申请办结，并用`--text`写明完成情况
    .progress = 进展
    .unchanged = 本月无变化
    .receipt = 已签收督办函
    .extension = 申请延期至这一天；用`--reason`写明理由，用`--text`写明进展
    .dispute = 对牵头单位或时限的异议
    .text = 完成情况；申请延期的，写进展
    .reason = 延期理由
    .problem = 存在问题
    .next_steps = 下步措施
    .said_on = 反馈日期（默认：今天）
    .said_by = 反馈人姓名
    .post = 反馈人职务
    .phone = 反馈人电话
    .note = 本单位的备注
    .scan = 来函、纪要的扫描件或消息截图
    .evidence = 印证材料；可写多次
help-task-pause = 暂停催办，写明理由
help-task-resume = 恢复催办
help-task-settle = 为时间待定的任务定时限
    .closing =
        例：
          duban task settle olympics-treatment --by 2022-01-31 --ground 阳气防办〔2021〕9号
          duban task settle source-inventory --due '{"{"} every = "quarter" {"}"}' --ground 督查室2021年6月2日会议纪要
    .by = 完成时限（含当日）
    .due = 周期、时段等其他时限，写法同计划文件中的`due`
help-task-move = 调整由本单位管理的计划中任务的时限，函告各单位
    .closing =
        例：
          duban task move office-2021/well-closing --until 2021-09-30 --reason 汛期推迟施工 --ground 县政府第12次常务会议纪要
    .until = 新的时限（含当日）
    .reason = 理由；各单位会看到
    .ground = 调整所依据的文件
help-task-confirm = 确认推定的牵头单位，或另行指定
    .closing =
        例：
          duban task confirm road-to-rail vehicle-monitoring
          duban task confirm road-to-rail --lead eco-env
    .tasks = “计划/任务”；只有一个计划有此任务的，可只写任务；可写几项
    .lead = 推定有误时，应当牵头的单位；可写多次

help-matter = 交办事项（13710）：交办、批量导入、调整类别、销号
help-matter-assign = 交办一个事项：当日部署，3日内反馈，7日或一个月内办结
    .closing =
        例：
          duban matter assign --title 西河排污口整治 --source 县长批示 --lead eco-env
          duban matter assign --title 机井整治 --source 督查发现 --number 2026-0042 --lead water --complex --until 2027-03-31
    .title = 事项名称
    .text = 办理要求，名称不足以说明时填写
    .source = 来源：领导批示、督查发现等
    .number = 省平台编号
    .lead = 牵头单位，第一个统一反馈；可写多次
    .cooperate = 配合单位；可写多次
    .complex = 复杂事项：一个月内办结，或按时间计划（`--until`）
    .until = 时间计划的最后一天
    .on = 部署日期（默认：今天）
    .days = 计日方式
    .standard = 完成标准
    .id = 在列表中的名称（默认：按日期生成）
help-matter-import = 按清单批量交办（.xlsx、.csv）：名称、来源、平台编号、单位、类别、部署日期
    .long =
        凡推定的、未读懂的，都列出行、列和应有的写法；有一行未读懂即不导入。已交办过的保持不变。
    .closing =
        例：
          duban matter import 交办事项.xlsx --dry-run            先看读懂了哪些、推定了哪些、没读懂哪些
          duban matter import 交办事项.xlsx --source 县政府常务会议 --on 2021-06-25
          duban matter import 交办事项.csv --days working        行中没有写明的，只计工作日
    .file = 清单：.xlsx，或UTF-8、GBK编码的.csv
    .source = 来源，用于没有写明来源的行
    .on = 部署日期，用于没有写明的行（默认：今天）
    .days = 计日方式，用于没有写明的行
    .dry_run = 只显示将交办什么，不记录
    .sheet = 工作表名（默认：唯一有表格的那张）
    .year = 日期没有写年份时的年份（默认：计划印发的年份）
    .units = 表中某个名称指哪个单位；可写多次
    .leave_out = 只取读懂的行，其余略过
help-matter-reclassify = 经批准，把事项改为复杂事项或一般事项
    .class = 今后的类别
    .until = 时间计划的最后一天，代替规定期限
help-matter-close-out = 核查后予以销号
    .remark = 核查情况

help-account = 账号：列出、设置、删除；谁可以办什么
help-account-list = 列出账号及其职务、岗位
help-account-set = 设置账号：新增或修改
    .long =
        设置第一个账号之前，运行后台服务的系统用户和root即代表本单位。此后只有设置过的账号可以办理，
        所以第一个须是系统管理员，并用`--uid`写明系统用户号。
    .id = 账号名，永久留在记录中：小写字母、数字、连字符
    .name = 姓名，文稿中照此显示
    .post = 职务，文稿中照此显示
    .roles = 岗位；可写多次
    .uid = 所用的系统用户号
    .units = 县领导分管的单位；可写多次
help-account-remove = 删除账号；记录中仍以此账号名出现
    .id = 账号名

help-unit = 责任单位：列出、查看、添加、导入、设置、作废链接
help-unit-list = 列出单位和统称
help-unit-show = 查看一个单位及其任务
    .unit = 单位的编号或名称
help-unit-add = 添加一个单位；在终端上，没有写明的逐项询问
    .closing =
        例：
          duban unit add                                              逐项询问
          duban unit add 西河乡人民政府 --mailbox xihe@example.gov.cn --member-of 各乡镇 --yes
    .name = 单位全称，照文件所印
    .id = 编号，以后不变（默认：按名称的拼音）
    .short = 简称，用于列表（默认：按名称）
    .aliases = 文件中的其他写法；可写多次
    .kind = 类型（默认：按名称判断）
    .mailbox = 单位公用邮箱，不用个人邮箱
    .member_of = 所属统称，如各乡镇；可写多次
    .contact = 联络员姓名，不写入记录
    .phone = 联系电话，不写入记录
    .yes = 不询问：没有写明的用默认值，直接添加
help-unit-import = 按名单（.xlsx、.csv）添加或调整单位：名称、简称、别名、邮箱、联系人、电话等
    .long =
        先显示将添加和调整哪些单位，加`--yes`才办理。没有读懂的行，列出行、列和应有的写法；
        只要有一行没有读懂，就一个也不添加、不调整。
    .closing =
        例：
          duban unit import 单位名单.xlsx
          duban unit import 单位名单.xlsx --yes
    .file = 名单：.xlsx，或UTF-8、GBK编码的.csv
    .sheet = 工作表名（默认：唯一有单位名称的那张）
    .yes = 添加和调整；不写只显示
help-unit-set = 调整单位：邮箱、成员单位、名称、分管领导、静默
    .closing =
        例：
          duban unit set housing --mailbox zhujianju@example.gov.cn
          duban unit set townships-all --members fengcheng,beiliu,runcheng
    .unit = 单位的编号或名称
    .name = 全称
    .short = 简称，用于列表
    .mailbox = 单位公用邮箱，不用个人邮箱
    .mailbox_works = 对方邮箱已修好：此前的退信、拒收不再计较
    .members = 统称的全部成员单位，代替原有的
    .no_members = 去掉统称的全部成员单位，由统称自己的邮箱反馈
    .mute = 不向该单位发提醒，列为略过
    .unmute = 恢复向该单位发提醒
    .leader_name = 分管领导姓名，不写入记录
    .leader_post = 分管领导职务
    .leader_mailbox = 分管领导邮箱，不写入记录
    .no_leader = 删除该单位的分管领导
help-unit-revoke-links = 作废此前发给该单位的全部链接
    .unit = 单位的编号或名称

help-letter = 督办函：列出、查看、重发、放行
help-letter-list = 列出督办函，最近的在前
    .unit = 只列发给该单位的
    .since = 只列这一天起的
    .held = 只列待放行的
    .unsettled = 只列没有最终结果的，及被拒收不再发送的
help-letter-show = 查看一封督办函的存档
help-letter-replies = 同`duban intake list`
help-letter-resend = 以同一Message-ID重发，发往单位现在的邮箱
help-letter-release = 放行：呈县领导的，及须本单位放行的当日督办函
    .letters = 督办函编号，如2021-0623-07
    .all = 全部待放行的；呈县领导的须逐封放行，不在其内

help-mail = 邮件：试发
help-mail-test = 向您自己的邮箱试发一封，逐步显示发信服务器的应答
    .closing =
        不需要后台服务：读取duban.toml中的`mail`，直接与发信服务器通信，时间限制与后台服务相同。
        没有送出的退出码为1，并说明处理办法。

        例：
          duban mail test --to me@county.gov.cn
          duban mail test --to me@county.gov.cn --config /etc/duban/duban.toml
    .to = 收件邮箱：您能查看的邮箱

help-intake = 收录来件，列出来件，按反馈表代录，标记为已处理
    .long = 答复与所答复的督办函一同留存，退信则标记该单位的邮箱。
    .closing =
        例：
          duban intake Maildir             收录其中的来件；已收录的不再收
          duban intake list                列出来件，待处理的在前
          duban intake show 41             查看来件内容，及所附反馈表可代录什么
          duban intake record 41           据此代录，并附材料
          duban intake done 42 --remark 已转业务科
    .from = 一封邮件、邮件目录或Maildir；`-`表示从标准输入读取一封
help-intake-list = 列出来件：待处理的在前，其余最近的在前
help-intake-show = 查看来件：自称来自何处、正文，及反馈表逐行可代录什么
    .long = 发件人可以冒名。`duban intake record`之前什么都不记录。
help-intake-record = 按来件所附反馈表代录，以来件为凭，附件作为材料
    .skip_refused = 有不能记录的，只记录其余各行和附件；不写则都不记录
    .files_to = 文件名开头没有行号的附件归哪一行
help-intake-done = 把来件标记为已处理
    .events = 来件的记录序号
    .remark = 处理结果

help-bulletin = 月度督查通报：查看，生成Word文件和网页，记录各环节
    .closing =
        例：
          duban bulletin 2021-06                       在屏幕上查看
          duban bulletin 2021-06 --into 文稿           生成bulletin-2021-06.docx、.html和.json
          duban bulletin 2021-06 --step drafted        记录起草；此后按该时点生成
          duban bulletin 2021-06 --later               起草之后的变化
          duban bulletin 2021-06 --against 通报.docx    Word文件中人工改动了什么
          duban bulletin 2021-06 --step issued --scan 通报.pdf --against 通报.docx
          duban bulletin 2021-06 --steps               谁在何时起草、核稿、签发、印发
    .period = 月份，如2021-06
    .at = 截至第几号记录（默认：最近一次记录的环节；没有的，最后一条）
    .number = 期号（默认：最近一次记录的环节所用；没有的，当年下一期）
    .dated = 落款日期（默认：计入的最后一条记录的日期）
    .plan = 只含这些计划（默认：全部有文号的）
    .into = 把bulletin-月份.docx、.html和.json写入此目录
    .format = 不写入文件时的输出格式
    .step = 记录起草、核稿、签发或印发
    .note = 谁签发、核了什么，与`--step`同用
    .scan = 签字扫描件，予以留存，用于`--step signed`或`issued`
    .against = 改过的Word文件：列出与生成稿的不同；与`--step`同用时记入备注
    .steps = 显示已记录的各环节
    .later = 显示上一环节之后的变化
help-ledger = 督办台账：Excel工作簿、逗号分隔文件或JSON
    .closing =
        例：
          duban ledger --out 台账.xlsx
          duban ledger --on 2021-06-30 --format csv > 台账.csv
    .closed = 含已关闭的计划，及纳入时时限已过的计划
    .format = 输出格式（默认：按所写的文件名，没有写的为工作簿）
    .out = 写入的文件（默认：工作簿为ledger-日期.xlsx，其余输出到屏幕）
help-list = 清单：本周清单、呈分管领导的专报
help-list-week = 本周清单：超期、本周到期、下周到期、未签收、未反馈、待审核、退回未改
    .format = 输出格式（默认：按所写的文件名，没有写的为文字）
    .out = 写入的文件（默认：工作簿为week-日期.xlsx，其余输出到屏幕）
help-list-leader = 呈分管领导的专报：红灯和黄灯事项、原因、下步措施、新的时限
    .closing =
        例：
          duban list leader --unit eco-env              查看
          duban list leader --unit eco-env --send       生成函件；再用duban letter show查看，duban letter release放行
    .unit = 单位；同一领导（同一邮箱）分管的单位都列出
    .send = 生成呈该领导的函件；`duban letter release`放行后发出
help-pack = 一个单位全年的年度考核材料，打成一个压缩包
    .closing =
        例：
          duban pack --unit eco-env --year 2021 --out eco-env-2021.zip
    .unit = 单位
    .year = 年份
    .out = 写入的文件（默认：单位-年份.zip）
help-import = 把现有台账（.xlsx、.csv）导入为计划及其经过，或与现有台账比较
    .long =
        凡推定的、没有带入的、未读懂的，都列出行、列和应有的写法。计划先为筹备中，
        `duban plan start`启动之前不向任何单位发函。
    .closing =
        例：
          duban import 督办台账.xlsx --dry-run --year 2021     先看读懂了哪些、推定了哪些、没读懂哪些
          duban import 督办台账.xlsx --plan office-2021 --issued-on 2021-05-24
          duban import 督办台账.xlsx --compare                 表格与台账有何不同
    .file = 台账：.xlsx，或UTF-8、GBK编码的.csv
    .sheet = 工作表名（默认：唯一有表格的那张）
    .year = 日期没有写年份时的年份（默认：计划印发的年份）
    .units = 表中某个名称指哪个单位；可写多次
    .leave_out = 只取读懂的行，其余略过
    .plan = 导入为哪个计划（编号）
    .title = 计划标题（默认：列名上方的一行）
    .short = 计划简称，用于督办函（默认：标题）
    .document = 文号（默认：各行相同的，取表中所写）
    .issued_on = 印发日期
    .until = 计划执行的最后一天（默认：年底，或最晚的时限）
    .follow = 今天起督办（默认：筹备中，用`duban plan start`启动）
    .dry_run = 只显示将导入什么，不记录
    .compare = 与现有台账逐行比较，不记录
help-status = 运行情况和督办概况
help-doctor = 查找问题并说明处理办法：时钟、磁盘、记录、邮件、地址、权限
    .long = 后台服务运行或停止时都可用，不改动任何内容。须人工处理的，退出码为1；只有提示的为0。
help-events = 输出原始记录
    .closing =
        例：
          duban events --task machinery-check
          duban events --after 1200 --follow --format json
    .after = 从该序号之后起
    .task = 只看该任务的
    .follow = 持续输出新的记录
help-clock = 系统时间
help-clock-accept = 系统时间跳变后，确认现在的时间无误，继续办理
    .reason = 跳变的原因
help-audit = 查证记录：核验、逐日说明、重演、查看历史
    .long =
        只需要台账记录：数据目录，或复制出来的`archive/`。`verify`要打开两份副本，
        须先停止后台服务，或在备份上进行；其余可与后台服务同时进行。
help-audit-verify = 核验两份副本：摘要链、缺漏、材料摘要，及其他旁证
    .closing =
        掌握磁盘的人可以把盘上的一切重写，只有存放在别处的才能证明：
          duban audit verify --against /mnt/usb/duban-2026-11-24
          duban audit verify --printed 1204:3f5a…                  通报上印的序号和摘要
    .path = 数据目录，或复制出来的`archive/`（默认：数据目录）
    .against = 存放在别处的备份或archive/副本；可写多次
    .printed = 通报上印的记录序号和摘要；可写多次
help-audit-days = 凡有到期的日子：是否发函，没有发的为什么，含休息日
    .closing =
        例：
          duban audit days --from 2021-06-01 --until 2021-06-30 --unit police
          duban audit days --from 2021-10-01 --until 2021-10-07 --all
    .all = 按时发出的也列出
help-audit-replay = 重演全部记录，与现有台账比较；不发函
help-audit-as-of = 查看历史：某日终了或某号记录之后的台账
    .when = 日期（如2021-06-30）或记录序号
help-backup = 备份数据目录，后台服务可照常运行
    .into = 新建的备份目录
    .with_secrets = 一并备份密钥（链接、会话、签名）
help-restore = 把备份恢复到空的或尚不存在的数据目录
    .from = 备份目录
help-completions = 输出终端的命令补全脚本
    .closing =
        例：
          duban completions bash > ~/.local/share/bash-completion/completions/duban
          duban completions zsh > ~/.zfunc/_duban
          duban completions fish > ~/.config/fish/completions/duban.fish
    .shell = 终端

# what clap adds
help-frame = 显示本帮助，或某个命令的帮助
    .arguments = 参数
    .commands = 命令
    .command = 命令
    .options = 选项
    .global = 通用选项
    .usage = 用法
    .help = 显示帮助
    .version = 显示版本
