from typing import Any

from django.db import migrations

RULE = {
    "slug": "ai_label",
    "severity": 1,
    "usual_step": "note",
    "strike_days": 0,
    "name_en": "What AI made says so",
    "name_zh": "AI 生成的内容要标明",
    "text_en": "Say when a picture was made with AI. Don’t take the label off that its file carries.",
    "text_zh": "图片由 AI 生成或修改时要标明，不去掉文件自带的 AI 标识。",
    "order": 8,
}


def add_rule(apps: Any, schema_editor: Any) -> None:
    apps.get_model("moderation", "Rule").objects.get_or_create(slug=RULE["slug"], defaults=RULE)


class Migration(migrations.Migration):
    """Store the rule about what AI made. Done twice, it changes nothing."""

    atomic = False
    dependencies = [("moderation", "0022_findings_weigh")]
    operations = [migrations.RunPython(add_rule, migrations.RunPython.noop)]
