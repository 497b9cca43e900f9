"""The database itself keeps bookings whole and for good.

Bookings and their parts are only ever added. At the end of each transaction the parts of
a booking are its amount, the bookings of a bank entry are nothing or its amount, and no
document is paid beyond what it asks for. What a bank said is never changed.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION billing_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM billing_refuse('rows of ' || TG_TABLE_NAME || ' are only ever added');
    RETURN NULL;
END $$;

CREATE TRIGGER billing_booking_kept BEFORE UPDATE OR DELETE ON billing_booking
    FOR EACH ROW EXECUTE FUNCTION billing_is_kept();
CREATE TRIGGER billing_allocation_kept BEFORE UPDATE OR DELETE ON billing_allocation
    FOR EACH ROW EXECUTE FUNCTION billing_is_kept();
CREATE TRIGGER billing_bankfile_kept BEFORE UPDATE OR DELETE ON billing_bankfile
    FOR EACH ROW EXECUTE FUNCTION billing_is_kept();

CREATE FUNCTION billing_entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    mutable text[] := ARRAY['status', 'status_at', 'status_by_id', 'status_note'];
BEGIN
    IF TG_OP = 'DELETE'
       OR (to_jsonb(NEW) - mutable) IS DISTINCT FROM (to_jsonb(OLD) - mutable) THEN
        PERFORM billing_refuse('what the bank said cannot be changed');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER billing_bankentry_kept BEFORE UPDATE OR DELETE ON billing_bankentry
    FOR EACH ROW EXECUTE FUNCTION billing_entry_is_kept();

CREATE FUNCTION billing_booking_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted numeric;
    found numeric;
BEGIN
    SELECT COALESCE(SUM(amount), 0) INTO found FROM billing_allocation
        WHERE booking_id = NEW.id;
    IF found <> NEW.amount THEN
        PERFORM billing_refuse('booking ' || NEW.id || ' of ' || NEW.amount
            || ' has parts of ' || found);
    END IF;
    IF NEW.entry_id IS NOT NULL THEN
        SELECT amount INTO wanted FROM billing_bankentry WHERE id = NEW.entry_id;
        SELECT SUM(amount) INTO found FROM billing_booking
            WHERE entry_id = NEW.entry_id;
        IF found NOT IN (0, wanted) THEN
            PERFORM billing_refuse('bank entry ' || NEW.entry_id || ' of ' || wanted
                || ' is booked with ' || found);
        END IF;
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER billing_booking_sum AFTER INSERT ON billing_booking
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION billing_booking_adds_up();

CREATE FUNCTION billing_part_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted numeric;
    found numeric;
BEGIN
    SELECT COALESCE(SUM(amount), 0) INTO found FROM billing_allocation
        WHERE booking_id = NEW.booking_id;
    SELECT amount INTO wanted FROM billing_booking WHERE id = NEW.booking_id;
    IF found <> wanted THEN
        PERFORM billing_refuse('booking ' || NEW.booking_id || ' of ' || wanted
            || ' has parts of ' || found);
    END IF;
    IF NEW.document_id IS NOT NULL THEN
        SELECT CASE kind WHEN 'credit_note' THEN -gross ELSE gross END INTO wanted
            FROM billing_document WHERE id = NEW.document_id AND number IS NOT NULL;
        SELECT SUM(amount) INTO found FROM billing_allocation
            WHERE document_id = NEW.document_id;
        IF wanted IS NULL OR found NOT BETWEEN LEAST(wanted, 0) AND GREATEST(wanted, 0)
        THEN
            PERFORM billing_refuse('document ' || NEW.document_id || ' of '
                || COALESCE(wanted::text, 'no number') || ' is paid with ' || found);
        END IF;
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER billing_allocation_fits AFTER INSERT ON billing_allocation
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION billing_part_fits();
"""

BACKWARD = """
DROP TRIGGER billing_allocation_fits ON billing_allocation;
DROP FUNCTION billing_part_fits();
DROP TRIGGER billing_booking_sum ON billing_booking;
DROP FUNCTION billing_booking_adds_up();
DROP TRIGGER billing_bankentry_kept ON billing_bankentry;
DROP FUNCTION billing_entry_is_kept();
DROP TRIGGER billing_bankfile_kept ON billing_bankfile;
DROP TRIGGER billing_allocation_kept ON billing_allocation;
DROP TRIGGER billing_booking_kept ON billing_booking;
DROP FUNCTION billing_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0012_payments")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
