from typing import Any

from django.db import migrations

WORDS = [
    ("calm", "安静"),
    ("funny", "好笑"),
    ("exact", "精确"),
    ("honest about prices", "价格写得实在"),
    ("honest about ads", "广告说得明白"),
    ("warm", "温暖"),
    ("curious", "好奇"),
    ("patient", "耐心"),
    ("thorough", "细致"),
    ("practical", "实用"),
    ("to the point", "直奔重点"),
    ("easy to follow", "好懂"),
    ("well organised", "有条理"),
    ("well researched", "查得仔细"),
    ("first-hand", "亲身经历"),
    ("up to date", "消息新"),
    ("frank", "直率"),
    ("modest", "谦虚"),
    ("gentle", "温柔"),
    ("encouraging", "鼓励人"),
    ("down-to-earth", "接地气"),
    ("thoughtful", "有想法"),
    ("imaginative", "有想象力"),
    ("playful", "俏皮"),
    ("dry humour", "冷幽默"),
    ("cheerful", "开朗"),
    ("tidy", "整洁"),
    ("thrifty", "会省钱"),
    ("good with light", "光线拍得好"),
    ("good eye for detail", "会看细节"),
    ("good storyteller", "会讲故事"),
    ("beautiful photos", "照片好看"),
    ("unposed", "不摆拍"),
    ("ordinary days", "平常日子"),
    ("answers questions", "有问必答"),
    ("knows the campus", "熟悉校园"),
    ("open to other views", "听得进不同意见"),
    ("admits mistakes", "承认错误"),
    ("slow and steady", "慢而稳"),
    ("sticks to a subject", "专注一件事"),
]


def offer(apps: Any, schema_editor: Any) -> None:
    word = apps.get_model("insights", "Word")
    word.objects.bulk_create([word(en=en, zh=zh) for en, zh in WORDS], ignore_conflicts=True)


class Migration(migrations.Migration):
    """The words that moderators begin with. Done twice, it changes nothing."""

    atomic = False  # one statement of forty rows
    dependencies = [("insights", "0005_audience_and_words")]
    operations = [migrations.RunPython(offer, migrations.RunPython.noop)]
