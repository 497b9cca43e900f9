"""An issued invoice may be held once more, for what its customer objects to.

Every other hold of an issued document stays as it was when it was issued.
"""

from django.db import migrations

FORWARD = """
DROP TRIGGER billing_hold_frozen ON billing_hold;
CREATE TRIGGER billing_hold_frozen_insert BEFORE INSERT ON billing_hold
    FOR EACH ROW WHEN (NEW.reason <> 'customer_objects')
    EXECUTE FUNCTION billing_part_is_frozen();
CREATE TRIGGER billing_hold_frozen_update BEFORE UPDATE ON billing_hold
    FOR EACH ROW WHEN (
        NEW.reason <> 'customer_objects' OR OLD.reason <> 'customer_objects'
    )
    EXECUTE FUNCTION billing_part_is_frozen();
CREATE TRIGGER billing_hold_frozen_delete BEFORE DELETE ON billing_hold
    FOR EACH ROW EXECUTE FUNCTION billing_part_is_frozen();
"""

BACKWARD = """
DROP TRIGGER billing_hold_frozen_insert ON billing_hold;
DROP TRIGGER billing_hold_frozen_update ON billing_hold;
DROP TRIGGER billing_hold_frozen_delete ON billing_hold;
CREATE TRIGGER billing_hold_frozen BEFORE INSERT OR UPDATE OR DELETE
    ON billing_hold FOR EACH ROW EXECUTE FUNCTION billing_part_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_holds_for_what_customers_object_to")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
