from typing import Any

from django.db import migrations

RULES = [
    {
        "slug": "evasion",
        "severity": 3,
        "usual_step": "suspend",
        "strike_days": 365,
        "name_en": "Don’t go around a decision",
        "name_zh": "不规避处理决定",
        "text_en": "A decision about you holds for all your accounts. Don’t make another one to go on, and don’t have"
        " others post for you.",
        "text_zh": "对你的处理决定适用于你的所有账号。不要另开账号继续，也不要让别人替你发。",
    },
    {
        "slug": "other",
        "severity": 1,
        "usual_step": "note",
        "strike_days": 90,
        "name_en": "Leave the place better than you found it",
        "name_zh": "别让这里变得更糟",
        "text_en": "Whatever harms people here or the site itself can be acted on, even where no rule above names it."
        " We then say in our own words what it was.",
        "text_zh": "凡是伤害这里的人或网站本身的行为，即使上面没有写到，也可能被处理。我们会用自己的话说明是什么问题。",
    },
]


def add_rules(apps: Any, schema_editor: Any) -> None:
    rules = apps.get_model("moderation", "Rule").objects
    last = max(rules.values_list("order", flat=True), default=0)
    for order, said in enumerate(RULES, last + 1):
        rules.get_or_create(slug=said["slug"], defaults=said | {"order": order})


class Migration(migrations.Migration):
    """Add the rules that reports of "another rule" and "something else" are about. Done twice, it changes nothing."""

    atomic = False
    dependencies = [("moderation", "0019_second_case")]
    operations = [migrations.RunPython(add_rules, migrations.RunPython.noop)]
