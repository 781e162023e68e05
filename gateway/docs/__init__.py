"""The description of the API: merged from what each service prints, kept in gateway/openapi.json, shown as a page."""
