"""Which columns of status hold what: nothing about people, they are public pages."""

TECHNICAL = "technical"

REGISTER: dict[str, dict[str, tuple[str, ...]]] = {
    "Source": {
        TECHNICAL: (
            *("name", "url", "allow_host", "etag", "last_modified", "body_hash"),
            *("components", "last_error", "config", "doubt"),
        )
    },
    "ComponentForm": {TECHNICAL: ("form", "external_id", "name", "group")},
    "Window": {TECHNICAL: ("external_id", "name", "components", "url", "mentions")},
}
