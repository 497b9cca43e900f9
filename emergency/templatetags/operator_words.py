"""The operator's passages on a page: ``{% passage "form-lead" %}``."""

from django import template
from django.utils.safestring import SafeString

from emergency.passages.directory import passage_html

register = template.Library()


@register.simple_tag
def passage(key: str, **values: object) -> SafeString:
    """The words in force. Values are escaped unless they are safe already."""
    return passage_html(key, **values)  # type: ignore[arg-type]
