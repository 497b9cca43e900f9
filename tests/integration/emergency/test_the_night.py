"""One night, from the report to the call that reaches the customer."""

from emergency.models import Incident
from tests.night import Night
from tests.story import Story


def test_the_night_of_a_busy_telephone_a_mailbox_and_three_people(night: Night) -> None:
    story = Story(night)
    anna, bernd = story.person("Anna"), story.person("Bernd")
    carla, eva = story.person("Carla"), story.person("Eva")

    # Anna is on call and talks on the telephone. Eva's mailbox answers for her.
    anna.is_on_the_phone()
    eva.lets_the_mailbox_answer()
    story.at("02:11").customer_reports()
    bernd.is_called()
    assert story.owner() == "", "a mailbox takes nothing"

    # By then everybody was paged. Bernd does not answer the call, but he reads.
    story.at("02:19")
    bernd.replies_with_the_code()
    assert story.owner() == "Bernd"
    carla.phone.text("Bernd Test has it")

    # He has to give it back, and the chain begins anew with Anna.
    anna.is_free_again()
    story.at("02:24")
    bernd.releases()
    assert story.owner() == ""
    story.at("02:25")
    anna.takes_the_call(hears="web01.example is down")

    # Carla knows this server. Anna keeps the incident until Carla has confirmed.
    story.at("02:31")
    anna.asks_to_take_over(carla)
    assert story.owner() == "Anna"
    carla.takes_the_call(hears="Anna")

    story.at("02:38")
    carla.reaches_the_customer()
    assert story.chapters() == [
        ("02:11", "reported"),
        ("02:19", "acknowledged"),
        ("02:24", "released"),
        ("02:25", "acknowledged"),
        ("02:31", "handed_over"),
        ("02:38", "reached"),
    ]
    story.incident.refresh_from_db()
    assert story.incident.callback_outcome == Incident.CallbackOutcome.MET
