"""What the stories of the demo's stage are called."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from emergency.passages.base import Words


@dataclass(frozen=True, kw_only=True)
class StoryWords:
    """A story on its button: what happens, and how long it takes."""

    key: str
    title: Words
    happens: Words


STORY_WORDS = {
    words.key: words
    for words in (
        StoryWords(
            key="good",
            title=_("A good night"),
            happens=_(
                "The first technician answers and calls the customer. Half a minute."
            ),
        ),
        StoryWords(
            key="nobody",
            title=_("Nobody answers"),
            happens=_(
                "Every telephone rings in vain and the promise is broken; then somebody"
                " answers. Four minutes."
            ),
        ),
        StoryWords(
            key="mailbox",
            title=_("A mailbox answers"),
            happens=_(
                "A mailbox is nobody: the duty manager's telephone rings. One minute."
            ),
        ),
        StoryWords(
            key="two",
            title=_("Two at once"),
            happens=_(
                "A second report comes while the first is being called: the next"
                " telephone rings. One minute."
            ),
        ),
    )
}
