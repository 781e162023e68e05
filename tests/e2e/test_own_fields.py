"""A schema of one's own through the whole stack: read by its names and checked by its rules, as they were then."""

from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.support.lane import Lane

POINTS: list[dict[str, Any]] = [
    {"internalName": "tenant.name", "displayName": "Tenant"},
    {"internalName": "start", "displayName": "Start of lease", "type": "date", "rules": {"required": True}},
    {"internalName": "plotNumber", "pattern": "[0-9]{1,3}[A-Z]"},
    {"internalName": "rent", "displayName": "Monthly rent", "type": "amount", "source": {"type": "derived"}},
    {"internalName": "meters", "displayName": "Meters", "type": "table"},
    {"internalName": "meters.id", "displayName": "Meter"},
    {"internalName": "meters.value", "displayName": "Reading", "type": "number"},
]


def lease(start: str = "1 March 2026") -> bytes:
    """A page of labels and values, and a small table."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=True)
    pairs = (
        ("Tenant:", "Anna Schmidt"),
        ("Start of lease:", start),
        ("Plot no.:", "17B"),
        ("Monthly rent:", "1,250.00"),
    )
    for row, (label, value) in enumerate(pairs):
        canvas.drawString(60, 760 - 20 * row, label)
        canvas.drawString(200, 760 - 20 * row, value)
    for row, (meter, reading) in enumerate((("Meter", "Reading"), ("E-10044", "10,442.5"), ("W-20981", "120.0"))):
        canvas.drawString(60, 620 - 16 * row, meter)
        canvas.drawRightString(300, 620 - 16 * row, reading)
    canvas.save()
    return file.getvalue()


def read(lane: Lane, project_id: str, content: bytes) -> dict[str, Any]:
    file_id = lane.client.upload(content, "lease.pdf", "application/pdf")
    return lane.await_final(lane.client.process_file(file_id, project_id))


def test_a_project_reads_what_its_schema_describes(lane: Lane) -> None:
    plan = {"name": "Leases", "completion": "automatic", "duplicates": "allow", "schema": {"dataPoints": POINTS}}
    project_id = str(lane.post("/v2/projects", plan).json()["id"])
    document = read(lane, project_id, lease())
    assert document["entities"] == {
        "tenant": {"name": "Anna Schmidt"},
        "start": "2026-03-01",
        "plotNumber": "17B",
        "meters": [{"id": "E-10044", "value": 10442.5}, {"id": "W-20981", "value": 120}],
    }
    assert document["state"] == "doneAutomatically"
    details = lane.get(f"/v2/documents/{document['id']}?regions=true")["entityDetails"]
    assert details["tenant"]["name"]["source"] == "textLayer"
    assert details["meters"][1]["value"]["region"]["top"] > details["meters"][0]["value"]["region"]["top"]

    unsaid = read(lane, project_id, lease(start="soon"))
    assert unsaid["state"] == "reviewRequired"
    assert "Start of lease" in unsaid["reason"]["message"]

    lane.client.request("PATCH", f"/v2/projects/{project_id}", json={"schema": {"dataPoints": POINTS[:1]}})
    lane.client.request("POST", f"/v2/documents/{unsaid['id']}/reprocess")
    assert lane.await_final(unsaid["id"])["entities"] == {"tenant": {"name": "Anna Schmidt"}}
