from typing import Any, NamedTuple

from django.db import migrations


class Said(NamedTuple):
    slug: str
    severity: int
    usual_step: str
    strike_days: int
    name_en: str
    name_zh: str
    text_en: str
    text_zh: str


RULES = [
    Said(
        "harassment",
        3,
        "hide",
        180,
        "No harassment, hate or threats",
        "不骚扰、不仇恨、不威胁",
        "Be the classmate you would like to sit beside. Don’t insult, threaten or hunt people, and don’t call on"
        " others to.",
        "做一个让人愿意同桌的同学。不侮辱、威胁或围攻他人，也不煽动别人这样做。",
    ),
    Said(
        "private",
        3,
        "hide",
        180,
        "No one’s private information",
        "不公开他人的隐私",
        "Ask people before you post their face, their room or their name. Never post someone’s address, number,"
        " messages or papers.",
        "发布他人的面容、房间或姓名前，先征得同意。绝不公开他人的住址、电话、聊天记录或证件。",
    ),
    Said(
        "sexual",
        3,
        "hide",
        180,
        "Nothing sexual",
        "不发布色情内容",
        "No sexual pictures, texts or offers. People here may be young.",
        "不发布色情图片、文字或招揽信息。这里可能有未成年人。",
    ),
    Said(
        "child_abuse",
        4,
        "suspend",
        3650,
        "No sexual abuse of children",
        "严禁对儿童的性侵害",
        "Nothing that sexualises or abuses people under 18, real or made. We hand it to the authorities.",
        "严禁发布任何对未满 18 岁者进行性化或性侵害的内容，无论真实还是虚构。我们会交由有关部门处理。",
    ),
    Said(
        "self_harm",
        3,
        "hide",
        90,
        "Don’t encourage self-harm",
        "不鼓励自我伤害",
        "Don’t show, praise or encourage self-harm or suicide. Saying that you are not well is always fine.",
        "不展示、美化或鼓励自伤、自杀。说自己状态不好，永远没有问题。",
    ),
    Said(
        "danger",
        4,
        "hide",
        180,
        "Don’t put people in danger",
        "不置他人于险境",
        "No plans, calls or instructions to hurt people, and no dares that can.",
        "不发布伤害他人的计划、号召或方法，也不发起可能造成伤害的挑战。",
    ),
    Said(
        "undisclosed",
        2,
        "warning",
        90,
        "An ad says that it is one",
        "广告要标明是广告",
        "Say when a brand is part of a note: paid, given, or your own.",
        "笔记涉及品牌时要说明：付费合作、品牌赠送，或自己的品牌。",
    ),
    Said(
        "advertising",
        2,
        "hide",
        90,
        "No spam and no scams",
        "不发垃圾信息，不诈骗",
        "Don’t post the same thing again and again, don’t buy or sell followers, and don’t trick people out of money"
        " or accounts.",
        "不反复发布同样的内容，不买卖粉丝，不骗取他人的钱财或账号。",
    ),
    Said(
        "copied",
        2,
        "hide",
        90,
        "No copied work",
        "不抄袭、不搬运",
        "Post what you made yourself, or say whose it is and that you may.",
        "发布自己的作品；若是他人的作品，注明作者并确认已获授权。",
    ),
    Said(
        "label",
        2,
        "hide",
        30,
        "A label says what you do",
        "定位只说你在做什么",
        "A label, a tag and the name of a campus say what you do and where, not what others are. Those that insult or"
        " mislead are hidden.",
        "定位、标签和学校名称说的是你做什么、在哪里，而不是评判他人。侮辱人或误导人的会被隐藏。",
    ),
    Said(
        "age",
        2,
        "suspend",
        0,
        "Old enough to be here",
        "达到最低年龄",
        "Everyone here has reached the age that the sign-up page names.",
        "这里的每个人都已达到注册页面所写的最低年龄。",
    ),
]


def add_rules(apps: Any, schema_editor: Any) -> None:
    rules = apps.get_model("moderation", "Rule").objects
    for order, said in enumerate(RULES):
        rules.get_or_create(slug=said.slug, defaults=said._asdict() | {"order": order})


class Migration(migrations.Migration):
    """Store the rules of the community as they stood on its page. Done twice, it changes nothing."""

    atomic = False
    dependencies = [("moderation", "0009_reports_of_cases")]
    operations = [migrations.RunPython(add_rules, migrations.RunPython.noop)]
