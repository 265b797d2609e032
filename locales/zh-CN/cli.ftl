# 命令行自己说的话。

# marks before a line
word-mark-error = 错误：
word-mark-warning = 注意：
word-mark-note = 提示：

# what was typed wrongly
usage-conflict = { $argument }不能与{ $other }同时使用
usage-twice = { $argument }只能写一次
usage-no-value = { $argument }后面还要写明内容
usage-value = “{ $value }”不能作{ $argument }
usage-values = { $argument }所跟的内容个数不对
usage-unknown-command = 没有命令“{ $command }”
usage-unknown-argument = 没有参数“{ $argument }”
usage-missing = 还须写明：{ $arguments }
usage-no-command = 还须写明要做什么
usage-not-text = 输入的不是UTF-8文字
usage-odd = 命令有误：{ $why }
usage-one-of = 可选：{ $values }
usage-did-you-mean = 您是不是要用`{ $near }`？
usage-usage = 用法：{ $usage }
usage-help = `{ $command } --help`说明用法

# what a value should look like
usage-like-DAY = 日期写作2021-06-30
usage-like-DAY-DAY = 写作2021-06-20..2021-07-05
usage-like-DAY-POSITION = 写日期（如2021-06-30）或记录序号
usage-like-MONTH = 月份写作2021-06
usage-like-PERIOD = 期次写作2021Q3或2021-09
usage-like-LETTER = 督办函编号写作2021-0623-07，见`duban letter list`
usage-like-EVENT = 写记录序号，见`duban intake list`
usage-like-TASK = 写作“计划/任务/期次”，见`duban task list`
usage-like-PLAN = 写计划编号，见`duban plan list`
usage-like-ID = 用a–z、0–9和连字符，首尾为字母或数字
usage-like-UNIT = 写单位编号或名称，见`duban unit list`
usage-like-NAME-ID = 写作“名称=编号”，如“城管局=housing”
usage-like-YEAR = 年份写作2021
usage-like-NUMBER = 写数字
usage-like-POSITION = 写记录序号，见`duban events`
usage-like-POSITION-HASH = 写作“序号:摘要”，照通报上印的
usage-like-ADDRESS-PORT = 写作127.0.0.1:8780
usage-like-ROW = 写行号
