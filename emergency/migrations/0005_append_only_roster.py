"""What happened to a schedule is evidence, as the timeline of an incident is."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER roster_is_append_only
    BEFORE UPDATE OR DELETE ON emergency_rosterentry
    FOR EACH ROW EXECUTE FUNCTION emergency_refuse_change();
"""

BACKWARD = "DROP TRIGGER roster_is_append_only ON emergency_rosterentry;"


class Migration(migrations.Migration):
    dependencies = [("emergency", "0004_paging_that_never_loses_a_page")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
