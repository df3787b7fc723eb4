import pytest

from search.query.leads import Lead, lead_of


@pytest.mark.parametrize(
    ("typed", "lead"),
    [
        *(
            ("#tea", Lead(tag="tea")),
            ("＃留学", Lead(tag="留学")),
            (" # Daily  Life ", Lead(tag="daily life")),
        ),
        *(
            ("#GRE#", Lead(tag="gre")),
            ("#c++", Lead(tag="c++")),
            ("@Lin", Lead(handle="lin")),
            ("＠a_1", Lead(handle="a_1")),
        ),
        *(
            (typed, Lead())
            for typed in (
                "",
                "tea",
                "#",
                "@",
                "#1",
                "C#",
                "#a #b",
                "@a b",
                "@林",
                "a@b.c",
                "#a\x00@",
                "@" + "a" * 31,
            )
        ),
    ],
)
def test_a_sign_leads_to_a_tag_or_a_person(typed: str, lead: Lead) -> None:
    assert lead_of(typed) == lead
