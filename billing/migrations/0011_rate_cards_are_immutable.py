"""The database itself refuses to change a rate card; one that has been in force stays.

Orders name the card they were made under, and customers have read its prices.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION billing_ratecard_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM billing_refuse('rate card ' || OLD.id || ' cannot be changed');
    END IF;
    IF OLD.valid_from <= now() THEN
        PERFORM billing_refuse('rate card ' || OLD.id || ' has been in force');
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER billing_ratecard_kept BEFORE UPDATE OR DELETE ON billing_ratecard
    FOR EACH ROW EXECUTE FUNCTION billing_ratecard_is_kept();
"""

BACKWARD = """
DROP TRIGGER billing_ratecard_kept ON billing_ratecard;
DROP FUNCTION billing_ratecard_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0010_rating_policies")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
