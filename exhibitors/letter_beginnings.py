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

Сделайте всё, что нужно, до указанного времени: тогда напоминаний больше не будет.

Вопросы можно задать организаторам: {{ reply_to }}.""",
    ),
    "zh-hans": (
        "截止事项提醒——{{ fair }}",
        """{{ greeting }}

以下截止事项与贵公司参展有关，特此提醒。

| 展会 | {{ fair }}
| 公司 | {{ company }}

{{ deadlines }}

请在规定时间前完成，完成后不再提醒。

如有疑问，请联系主办方：{{ reply_to }}。""",
    ),
    "en": (
        "Reminder of deadlines – {{ fair }}",
        """{{ greeting }}

This is a reminder of deadlines that concern your participation.

| Fair | {{ fair }}
| Company | {{ company }}

{{ deadlines }}

Please do what is needed before that time; then no further reminder comes.

If you have questions, please write to the organisers: {{ reply_to }}.""",
    ),
}

STAFF_REMINDER = {
    "ru": (
        "Сроки у ваших экспонентов — {{ fair }}",
        """{{ greeting }}

Сроки, по которым у экспонентов ещё не всё сделано:

{{ deadlines }}

[Открыть заявки]({{ desk_url }})""",
    ),
    "zh-hans": (
        "参展商截止事项——{{ fair }}",
        """{{ greeting }}

以下截止事项尚有参展商未完成：

{{ deadlines }}

[查看申请]({{ desk_url }})""",
    ),
    "en": (
        "Deadlines of your exhibitors – {{ fair }}",
        """{{ greeting }}

Deadlines for which exhibitors have not done everything yet:

{{ deadlines }}

[Open the applications]({{ desk_url }})""",
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

[Выбрать, что получать]({{ settings_url }})""",
    ),
    "zh-hans": (
        "今日工作概况——{{ fair }}",
        """{{ greeting }}

以下是{{ fair }}今日情况。

{{ figures }}

今日新申请（{{ new_count }}）：

{{ new_companies }}

[打开工作台]({{ desk_url }})

[设置接收内容]({{ settings_url }})""",
    ),
    "en": (
        "Today at the desk – {{ fair }}",
        """{{ greeting }}

This is what there is to know about {{ fair }} today.

{{ figures }}

New today ({{ new_count }}):

{{ new_companies }}

[Open the desk]({{ desk_url }})

[Choose what you get]({{ settings_url }})""",
    ),
}
