from django.db import migrations

# docs/cases.md says what this computes; moderation/cases/weight.py what each report brings.
WEIGH = """
CREATE FUNCTION urgency_of_case(severity smallint, weight double precision, young boolean, since timestamptz)
RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
    SELECT (ARRAY[0, 48, 168, 720])[severity] + 24 * ln(1 + weight) / ln(2::double precision)
        + CASE WHEN young THEN 72 ELSE 0 END - extract(epoch FROM since)::double precision / 3600
$$;

CREATE FUNCTION weigh_cases(cases bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM moderation_case WHERE id = ANY (cases) ORDER BY id FOR NO KEY UPDATE;

    UPDATE moderation_case AS stored
    SET report_count = weighed.reports, reporter_count = weighed.people, weight = weighed.weight,
        severity = weighed.severity, reason = weighed.reason,
        urgency = urgency_of_case(weighed.severity, weighed.weight, stored.is_young, stored.created_at),
        version = stored.version
            + CASE WHEN weighed.severity > stored.severity AND stored.report_count > 0 THEN 1 ELSE 0 END
    FROM weigh_reports(cases) AS weighed
    WHERE stored.id = weighed.case_id;
END $$;

CREATE FUNCTION weigh_reports(cases bigint[])
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

CREATE FUNCTION weigh_cases_of_reports() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    cases bigint[];
BEGIN
    SELECT array_agg(DISTINCT case_id) INTO cases FROM changed WHERE case_id IS NOT NULL;
    IF cases IS NOT NULL THEN
        PERFORM weigh_cases(cases);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION weigh_cases_of_changed_reports() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    cases bigint[];
BEGIN
    SELECT array_agg(DISTINCT named.id) INTO cases
    FROM before JOIN after ON after.id = before.id, LATERAL (VALUES (before.case_id), (after.case_id)) AS named (id)
    WHERE named.id IS NOT NULL AND (before.case_id, before.reporter_id, before.reason, before.trust, before.is_fresh)
        IS DISTINCT FROM (after.case_id, after.reporter_id, after.reason, after.trust, after.is_fresh);
    IF cases IS NOT NULL THEN
        PERFORM weigh_cases(cases);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION forget_text_of_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.reported_text = '';
    RETURN NEW;
END $$;

CREATE TRIGGER forget_text_of_what_is_gone BEFORE UPDATE OF note_id, comment_id, person_id ON moderation_report
    FOR EACH ROW WHEN (
        (OLD.note_id IS NOT NULL AND NEW.note_id IS NULL) OR (OLD.comment_id IS NOT NULL AND NEW.comment_id IS NULL)
        OR (OLD.person_id IS NOT NULL AND NEW.person_id IS NULL)
    ) EXECUTE FUNCTION forget_text_of_gone();

CREATE TRIGGER weigh_cases_of_made AFTER INSERT ON moderation_report
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION weigh_cases_of_reports();
CREATE TRIGGER weigh_cases_of_ended AFTER DELETE ON moderation_report
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION weigh_cases_of_reports();
CREATE TRIGGER weigh_cases_of_changed AFTER UPDATE ON moderation_report
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT
    EXECUTE FUNCTION weigh_cases_of_changed_reports();
"""
FORGET = """
DROP TRIGGER IF EXISTS forget_text_of_what_is_gone ON moderation_report;
DROP FUNCTION IF EXISTS forget_text_of_gone();
DROP TRIGGER weigh_cases_of_made ON moderation_report;
DROP TRIGGER weigh_cases_of_ended ON moderation_report;
DROP TRIGGER weigh_cases_of_changed ON moderation_report;
DROP FUNCTION weigh_cases_of_reports();
DROP FUNCTION weigh_cases_of_changed_reports();
DROP FUNCTION weigh_cases(bigint[]);
DROP FUNCTION weigh_reports(bigint[]);
DROP FUNCTION urgency_of_case(smallint, double precision, boolean, timestamptz);
"""


class Migration(migrations.Migration):
    """Keep how grave, how heavy and how urgent each case is, whoever writes its reports; and forget
    what a report quotes once that is deleted.
    """

    dependencies = [("moderation", "0010_first_rules")]
    operations = [migrations.RunSQL(WEIGH, FORGET)]
