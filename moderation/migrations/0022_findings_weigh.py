from django.db import migrations

from core.db.cascades import cascade_in_database, set_null_in_database

# As in 0011, with what programs found.
WEIGH = """
CREATE OR REPLACE FUNCTION weigh_reports(cases bigint[])
RETURNS TABLE (
    case_id bigint, reports integer, people integer, weight double precision, severity smallint, reason varchar
)
LANGUAGE sql STABLE AS $$
    SELECT each.id, coalesce(sum(person.reports), 0)::integer, count(person.reports)::integer,
        coalesce(sum(person.trust) FILTER (WHERE NOT person.fresh), 0)
            + least(1, coalesce(0.1 * sum(person.trust) FILTER (WHERE person.fresh), 0)),
        coalesce(max(gravest.severity), 1)::smallint, coalesce(max(gravest.reason), '')
    FROM unnest(cases) AS each (id)
    LEFT JOIN LATERAL (
        SELECT count(*) AS reports, max(report.trust) AS trust, bool_and(report.is_fresh) AS fresh
        FROM moderation_report AS report WHERE report.case_id = each.id GROUP BY report.reporter_id
    ) AS person ON true
    LEFT JOIN LATERAL (
        SELECT severity, reason FROM (
            SELECT coalesce(rule.severity, 1) AS severity, report.reason, report.id
            FROM moderation_report AS report LEFT JOIN moderation_rule AS rule ON rule.slug = report.reason
            WHERE report.case_id = each.id
            UNION ALL
            SELECT rule.severity, left(rule.slug, 11), 0
            FROM moderation_finding AS found JOIN moderation_rule AS rule ON rule.id = found.rule_id
            WHERE found.case_id = each.id AND found.over_at IS NULL
        ) AS said ORDER BY severity DESC, id LIMIT 1
    ) AS gravest ON true
    GROUP BY each.id
$$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION weigh_reports(cases bigint[])
RETURNS TABLE (
    case_id bigint, reports integer, people integer, weight double precision, severity smallint, reason varchar
)
LANGUAGE sql STABLE AS $$
    SELECT each.id, coalesce(sum(person.reports), 0)::integer, count(person.reports)::integer,
        coalesce(sum(person.trust) FILTER (WHERE NOT person.fresh), 0)
            + least(1, coalesce(0.1 * sum(person.trust) FILTER (WHERE person.fresh), 0)),
        coalesce(max(gravest.severity), 1)::smallint, coalesce(max(gravest.reason), '')
    FROM unnest(cases) AS each (id)
    LEFT JOIN LATERAL (
        SELECT count(*) AS reports, max(report.trust) AS trust, bool_and(report.is_fresh) AS fresh
        FROM moderation_report AS report WHERE report.case_id = each.id GROUP BY report.reporter_id
    ) AS person ON true
    LEFT JOIN LATERAL (
        SELECT coalesce(rule.severity, 1) AS severity, report.reason
        FROM moderation_report AS report LEFT JOIN moderation_rule AS rule ON rule.slug = report.reason
        WHERE report.case_id = each.id ORDER BY 1 DESC, report.id LIMIT 1
    ) AS gravest ON true
    GROUP BY each.id
$$;
"""


class Migration(migrations.Migration):
    """Weigh cases by what programs found, too; let the version before delete photos, notes and people."""

    dependencies = [("moderation", "0021_pictures")]
    operations = [
        cascade_in_database("moderation_picturematch", "moderation_recentwords"),
        set_null_in_database("moderation_knownpicture", "added_by_id"),
        migrations.RunSQL(WEIGH, BEFORE),
    ]
