"""Countries as people write them in tables."""

import pytest

from fairs.country_names import country_code_of


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("RU", ["RU", "ru", "RUS", "Россия", "РФ", "российская федерация", "Russia", "Russian Federation", "俄罗斯", "俄罗斯联邦"]),
        ("CN", ["CN", " cn ", "Китай", "КНР", "China", "中国", "中华人民共和国"]),
        ("BY", ["Беларусь", "Республика Беларусь", "白俄罗斯"]),
        ("KZ", ["Казахстан", "哈萨克斯坦"]),
        ("KR", ["Южная Корея", "South Korea", "韩国"]),
        ("VN", ["Вьетнам", "Vietnam", "越南"]),
        ("TR", ["Турция", "Turkey", "Türkiye"]),
        ("", ["", "Атлантида", "XX", "R1"]),
    ],
)
def test_a_country_is_known_by_code_and_by_name_in_three_languages(code, written):
    assert {text: country_code_of(text) for text in written} == dict.fromkeys(written, code)
