from typing import Any

from django.db import migrations

from core.text import slug

FIRST = [
    ("Campus life", "校园", ["campus", "campus life", "daily life", "freshers", "clubs", "校园", "日常", "社团", "新生"]),
    ("Study", "学习", ["study", "study spots", "library", "exams", "学习", "学习方法", "自习", "图书馆", "考试", "考研"]),
    ("Food", "美食", ["food", "canteen", "cooking", "美食", "食堂", "探店", "做饭"]),
    ("Coffee", "咖啡", ["coffee", "cafe", "咖啡", "咖啡馆"]),
    ("Dorm", "宿舍", ["dorm", "roommates", "宿舍", "收纳", "室友", "租房"]),
    ("Outfits", "穿搭", ["outfits", "outfit", "ootd", "穿搭"]),
    ("Trips", "出行", ["trips", "travel", "weekends", "出行", "旅行", "周末"]),
    ("Crafts", "手作", ["crafts", "diy", "drawing", "knitting", "手作", "版画", "陶艺", "剪纸"]),
    ("Reading", "读书", ["reading", "books", "读书", "阅读"]),
]


def add_channels(apps: Any, schema_editor: Any) -> None:
    """Add a first set to a site that has none, of the tags that it has."""
    channels, tags = apps.get_model("notes", "Channel").objects, apps.get_model("taggit", "Tag").objects
    for position, (en, zh, names) in enumerate(FIRST, 1):
        found = list(tags.filter(name__in=names, state__isnull=True))
        if found:
            about = {"en": en, "zh": zh, "position": position}
            channel, is_new = channels.get_or_create(slug=slug(f"{en} {zh}"), defaults=about)
            if is_new:
                channel.tags.set(found)


class Migration(migrations.Migration):
    """Safe to run again where it was interrupted."""

    atomic = False
    dependencies = [("notes", "0030_channels")]
    operations = [migrations.RunPython(add_channels, migrations.RunPython.noop)]
