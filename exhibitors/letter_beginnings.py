"""What own texts of reminders and of the daily digest begin with.

The shipped letters repeat a part for each deadline, or have a row for each figure, which an own text says as one list.
"""

REMINDER = {
    "ru": (
        "Напоминание о сроках — {{ fair }}",
        """{{ greeting }}

Напоминаем о сроках, которые касаются вашего участия.

| Ярмарка | {{ fair }}
| Компания | {{ company }}

{{ deadlines }}

Что дальше: сделайте всё перечисленное до указанного времени. Как только всё будет готово, напоминания прекратятся. \
Чтобы добавить сроки в свой календарь, откройте приложенный файл.

Вы получили это письмо, потому что отвечаете за участие компании в ярмарке.

Вопросы можно задать организаторам: {{ reply_to }}.""",
    ),
    "zh-hans": (
        "截止事项提醒——{{ fair }}",
        """{{ greeting }}

以下截止事项与贵公司参展有关，特此提醒。

| 展会 | {{ fair }}
| 公司 | {{ company }}

{{ deadlines }}

后续操作：请在截止时间前完成上述事项。完成后将不再收到提醒。附件为日历文件，可将截止时间导入您的日历。

您收到本邮件，是因为您负责公司的参展事务。

如有疑问，请联系主办方：{{ reply_to }}。""",
    ),
    "en": (
        "Reminder of deadlines – {{ fair }}",
        """{{ greeting }}

This is a reminder of deadlines that concern your participation.

| Fair | {{ fair }}
| Company | {{ company }}

{{ deadlines }}

What happens next: please do what is listed before its time. Once it is done, no further reminder comes. \
The attached calendar file puts the dates into your calendar.

You receive this letter because you act for the company at this fair.

If you have questions, please write to the organisers: {{ reply_to }}.""",
    ),
}

STAFF_REMINDER = {
    "ru": (
        "Сроки у ваших экспонентов — {{ fair }}",
        """{{ greeting }}

Сроки, по которым у экспонентов ещё не всё сделано:

{{ deadlines }}

Что дальше: выясните, не нужна ли им помощь. Задача закроется сама, как только экспонент сделает недостающее.

[Открыть список заявок]({{ desk_url }})

Вы получили это письмо, потому что отвечаете за эти заявки.""",
    ),
    "zh-hans": (
        "参展商截止事项——{{ fair }}",
        """{{ greeting }}

以下截止事项尚有参展商未完成：

{{ deadlines }}

后续：请确认这些参展商是否需要协助。参展商补齐后，任务会自动完成。

[查看申请列表]({{ desk_url }})

您收到本邮件，是因为您是这些申请的负责人。""",
    ),
    "en": (
        "Deadlines of your exhibitors – {{ fair }}",
        """{{ greeting }}

Deadlines for which exhibitors have not done everything yet:

{{ deadlines }}

What happens next: please see whether they need help. A task is done by itself once the exhibitor has done what is missing.

[Open the applications]({{ desk_url }})

You receive this letter because you are responsible for these applications.""",
    ),
}

STAFF_DIGEST = {
    "ru": (
        "Итоги дня — {{ fair }}",
        """{{ greeting }}

Вот что важно знать сегодня. Ярмарка: {{ fair }}.

{{ figures }}

Новые сегодня ({{ new_count }}):

{{ new_companies }}

[Открыть рабочий стол]({{ desk_url }})

Вы получаете это письмо каждый день в 18:00 по времени ярмарки, потому что работаете на ней. \
[Выбрать, что получать]({{ settings_url }}).""",
    ),
    "zh-hans": (
        "今日工作概况——{{ fair }}",
        """{{ greeting }}

以下是{{ fair }}今日情况。

{{ figures }}

今日新申请（{{ new_count }}）：

{{ new_companies }}

[打开工作台]({{ desk_url }})

您参与本展会工作，因此每天 18:00（展会所在地时间）收到本邮件。[设置接收内容]({{ settings_url }})。""",
    ),
    "en": (
        "Today at the desk – {{ fair }}",
        """{{ greeting }}

This is what there is to know about {{ fair }} today.

{{ figures }}

New today ({{ new_count }}):

{{ new_companies }}

[Open the desk]({{ desk_url }})

You receive this letter every day at 18:00 in the fair's time zone, because you work on the fair. \
[Choose what you get]({{ settings_url }}).""",
    ),
}
