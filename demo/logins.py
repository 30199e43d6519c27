"""The demo's logins: one person for each staff role, and people of two companies. Standard library only: demo/run.py prints them."""

from typing import NamedTuple

PASSWORD = "yarmarka-demo"  # noqa: S105 of the demo alone


class Login(NamedTuple):
    email: str
    name: str
    language: str
    time_zone: str
    role: str
    of: str = ""  # a regional coordinator's region, an exhibitor's company


ADMIN = Login("admin@demo.example", "Admin of the demo", "en", "Asia/Shanghai", "admin")

STAFF = (
    Login("owner@demo.example", "Вера Ладогина", "ru", "Asia/Shanghai", "owner"),
    Login("reviewer@demo.example", "Игорь Мезенцев", "ru", "Europe/Moscow", "reviewer"),
    Login("floor_planner@demo.example", "陈思远", "zh-hans", "Asia/Shanghai", "floor_planner"),
    Login("conference_producer@demo.example", "Дарья Онежская", "ru", "Asia/Shanghai", "conference_producer"),
    Login("finance@demo.example", "Pavel Finik", "en", "Europe/Moscow", "finance"),
    Login("communication@demo.example", "林晓雨", "zh-hans", "Asia/Shanghai", "communication"),
    Login("check_in@demo.example", "赵明", "zh-hans", "Asia/Shanghai", "check_in"),
    Login("regional_coordinator@demo.example", "Олег Уссурин", "ru", "Asia/Vladivostok", "regional_coordinator", "RU-PRI"),
    Login("read_only@demo.example", "Grace Holm", "en", "Asia/Shanghai", "read_only"),
)

EXHIBITORS = (
    Login("exhibitor-a.owner@demo.example", "Анна Пчелинцева", "ru", "Europe/Moscow", "owner", "first"),
    Login("exhibitor-a.editor@demo.example", "Степан Ульев", "ru", "Europe/Moscow", "editor", "first"),
    Login("exhibitor-b.owner@demo.example", "Марина Кедрова", "ru", "Asia/Vladivostok", "owner", "second"),
    Login("exhibitor-b.editor@demo.example", "王海", "zh-hans", "Asia/Shanghai", "editor", "second"),
)
